-- Each district's score and rank in each reform area.

CREATE VIEW mart.area_score AS
SELECT
    d.period_code,
    d.method_code,
    d.district_code,
    d.district_name,
    n.reform_area_code,
    n.name_vi AS reform_area_name,
    n.name_en AS reform_area_name_en,
    n.weight,
    d.coverages[n.node_number] AS coverage,
    k.missing_count,
    k.dropped_count,
    d.scores[n.node_number] AS score,
    CASE
        WHEN d.scores[n.node_number] IS NOT NULL THEN rank() OVER (
            PARTITION BY d.period_code, d.method_code, n.reform_area_code
            ORDER BY d.scores[n.node_number] DESC NULLS LAST
        )
    END AS rank,
    d.scores[n.node_number] IS NOT NULL AND count(*) OVER (
        PARTITION BY d.period_code, d.method_code, n.reform_area_code, d.scores[n.node_number]
    ) > 1 AS is_tied
FROM warehouse.score_detail AS d
INNER JOIN warehouse.scoring_node AS n ON d.method_key = n.method_key AND n.kind = 'area'
CROSS JOIN
    LATERAL (
        SELECT
            count(*) FILTER (WHERE d.outcomes[a.node_number] IN ('m', 'w', 'c')) AS missing_count,
            count(*) FILTER (WHERE d.scores[a.node_number] IS NULL) AS dropped_count
        FROM warehouse.scoring_ancestor AS a
        INNER JOIN warehouse.scoring_node AS c
            ON a.method_key = c.method_key AND a.node_number = c.node_number AND c.rule IS NOT NULL
        WHERE a.method_key = n.method_key AND a.ancestor_number = n.node_number
    ) AS k
WHERE d.is_final;
