-- What each criterion contributes to a district's score. The contributions of a district sum to its score exactly.

CREATE VIEW mart.score_contribution WITH (security_barrier) AS
WITH tree AS (
    SELECT
        method_key,
        array_agg(parent_number ORDER BY node_number) AS parents,
        array_agg(kind ORDER BY node_number) AS kinds,
        array_agg(weight ORDER BY node_number) AS weights,
        array_agg(aggregation ORDER BY node_number) AS aggregations
    FROM warehouse.scoring_node
    GROUP BY method_key
)

SELECT
    detail.period_code,
    detail.method_code,
    detail.district_code,
    detail.district_name,
    node.reform_area_code,
    coalesce(node.node_code, 'rounding_and_limits') AS criterion_code,
    coalesce(node.name_vi, 'Làm tròn và giới hạn 0–100') AS criterion_name,
    coalesce(node.name_en, 'Rounding and the limits 0 and 100') AS criterion_name_en,
    contribution.kind,
    contribution.points AS score,
    contribution.effective_weight,
    contribution.contribution,
    node.node_number AS sort_order
FROM warehouse.score_detail AS detail
INNER JOIN tree ON detail.method_key = tree.method_key
CROSS JOIN
    LATERAL warehouse.score_contributions(
        tree.parents, tree.kinds, tree.weights, tree.aggregations, detail.scores, detail.score
    ) AS contribution
LEFT JOIN warehouse.scoring_node AS node
    ON detail.method_key = node.method_key AND contribution.node_number = node.node_number
WHERE
    detail.is_final
    AND detail.score IS NOT NULL
    AND (
        (SELECT reader.sees_all FROM warehouse.reader AS reader)
        OR detail.district_code IN (SELECT own.district_code FROM warehouse.own_district AS own)
        OR detail.period_code IN (SELECT released.period_code FROM warehouse.released_period AS released)
    );
