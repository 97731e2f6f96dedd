-- Each district's score and rank in each reform area. Ranks are computed over all districts, before rows are restricted
-- to those that the reader may see.

CREATE VIEW mart.area_score WITH (security_barrier) AS
WITH ranked AS (
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
    WHERE detail.is_final
)

SELECT
    ranked.period_code,
    ranked.method_code,
    ranked.district_code,
    ranked.district_name,
    ranked.reform_area_code,
    ranked.reform_area_name,
    ranked.reform_area_name_en,
    ranked.weight,
    ranked.coverage,
    ranked.missing_count,
    ranked.dropped_count,
    ranked.score,
    ranked.rank,
    ranked.is_tied
FROM ranked
WHERE
    (SELECT reader.sees_all FROM warehouse.reader AS reader)
    OR ranked.district_code IN (SELECT own.district_code FROM warehouse.own_district AS own)
    OR ranked.period_code IN (SELECT released.period_code FROM warehouse.released_period AS released);
