-- What each criterion measured, what it weighs after what fell away, and what it brings to the district's score.

SELECT
    contribution.reform_area_code,
    contribution.criterion_code,
    contribution.criterion_name,
    contribution.criterion_name_en,
    contribution.kind,
    node.rule,
    score.numerator,
    score.denominator,
    score.measure,
    coalesce(score.outcome, '') AS outcome,
    score.weight,
    contribution.effective_weight,
    contribution.score AS points,
    contribution.contribution,
    node.node_reason AS reason,
    node.node_reason_en AS reason_en
FROM mart.score_contribution AS contribution
LEFT JOIN mart.indicator_score AS score
    ON
        contribution.period_code = score.period_code
        AND contribution.method_code = score.method_code
        AND contribution.district_code = score.district_code
        AND contribution.criterion_code = score.criterion_code
LEFT JOIN
    mart.method_node AS node
    ON contribution.method_code = node.method_code AND contribution.criterion_code = node.node_code
WHERE
    contribution.period_code = %(period_code)s
    AND contribution.method_code = %(method_code)s
    AND contribution.district_code = %(district_code)s
ORDER BY contribution.sort_order ASC NULLS LAST;
