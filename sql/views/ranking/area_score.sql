-- Each district's score and rank in each reform area.

CREATE VIEW mart.area_score AS
SELECT
    detail.period_code,
    detail.method_code,
    detail.district_code,
    detail.district_name,
    area.reform_area_code,
    area.name_vi AS reform_area_name,
    area.name_en AS reform_area_name_en,
    area.weight,
    detail.coverages[area.node_number] AS coverage,
    criteria.missing_count,
    criteria.dropped_count,
    detail.scores[area.node_number] AS score,
    CASE
        WHEN detail.scores[area.node_number] IS NOT NULL THEN rank() OVER (
            PARTITION BY detail.period_code, detail.method_code, area.reform_area_code
            ORDER BY detail.scores[area.node_number] DESC NULLS LAST
        )
    END AS rank,
    detail.scores[area.node_number] IS NOT NULL AND count(*) OVER (
        PARTITION BY detail.period_code, detail.method_code, area.reform_area_code, detail.scores[area.node_number]
    ) > 1 AS is_tied
FROM warehouse.score_detail AS detail
INNER JOIN warehouse.scoring_node AS area ON detail.method_key = area.method_key AND area.kind = 'area'
CROSS JOIN
    LATERAL (
        SELECT
            count(*) FILTER (WHERE detail.outcomes[criterion.node_number] IN ('m', 'w', 'c')) AS missing_count,
            count(*) FILTER (WHERE detail.scores[criterion.node_number] IS NULL) AS dropped_count
        FROM warehouse.scoring_node AS criterion
        WHERE
            criterion.method_key = area.method_key
            AND criterion.rule IS NOT NULL
            AND area.node_number = any(criterion.ancestors)
    ) AS criteria
WHERE detail.is_final;
