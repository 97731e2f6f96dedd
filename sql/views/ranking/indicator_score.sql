-- Each criterion's score with the sums it comes from; null, outside the base, where the criterion falls away.

CREATE VIEW mart.indicator_score AS
SELECT
    d.period_code,
    d.method_code,
    d.district_code,
    d.district_name,
    n.reform_area_code,
    n.node_code AS criterion_code,
    n.name_vi AS criterion_name,
    n.name_en AS criterion_name_en,
    n.weight,
    d.numerators[n.node_number] AS numerator,
    d.denominators[n.node_number] AS denominator,
    CASE
        WHEN d.outcomes[n.node_number] NOT IN ('s', 'c') THEN NULL
        WHEN d.denominators[n.node_number] IS NULL THEN d.numerators[n.node_number]
        ELSE (100 * d.numerators[n.node_number])::numeric(60, 30) / nullif(d.denominators[n.node_number], 0)
    END AS measure,
    d.scores[n.node_number] AS score,
    CASE d.outcomes[n.node_number]
        WHEN 's' THEN 'scored'
        WHEN 'a' THEN 'appraised'
        WHEN 'e' THEN 'empty_denominator'
        WHEN 'n' THEN 'not_applicable'
        WHEN 'd' THEN 'dropped'
        WHEN 'l' THEN 'later_stage'
        WHEN 'r' THEN 'no_report'
        ELSE 'missing'
    END AS outcome,
    d.outcomes[n.node_number] IN ('m', 'w', 'c') AS is_missing,
    n.node_number AS sort_order,
    d.submission_id,
    n.kind
FROM warehouse.score_detail AS d
INNER JOIN warehouse.scoring_node AS n ON d.method_key = n.method_key AND n.rule IS NOT NULL
WHERE d.is_final;
