-- What each criterion measured, what it weighs after what fell away, and what it brings to the district's score.

SELECT
    c.reform_area_code,
    c.criterion_code,
    c.criterion_name,
    c.criterion_name_en,
    c.kind,
    n.rule,
    i.numerator,
    i.denominator,
    i.measure,
    coalesce(i.outcome, '') AS outcome,
    i.weight,
    c.effective_weight,
    c.score AS points,
    c.contribution,
    n.node_reason AS reason,
    n.node_reason_en AS reason_en
FROM mart.score_contribution AS c
LEFT JOIN mart.indicator_score AS i
    ON
        c.period_code = i.period_code AND c.method_code = i.method_code AND c.district_code = i.district_code
        AND c.criterion_code = i.criterion_code
LEFT JOIN mart.method_node AS n ON c.method_code = n.method_code AND c.criterion_code = n.node_code
WHERE
    c.period_code = %(period_code)s AND c.method_code = %(method_code)s AND c.district_code = %(district_code)s
ORDER BY c.sort_order ASC NULLS LAST;
