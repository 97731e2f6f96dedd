-- The score of every place in a method's tree, from the whole (depth 0) down to the criteria.

CREATE VIEW mart.node_score WITH (security_barrier) AS
SELECT
    detail.period_code,
    detail.method_code,
    detail.district_code,
    detail.district_name,
    node.node_code,
    parent.node_code AS parent_code,
    node.kind,
    node.depth,
    node.reform_area_code,
    node.name_vi AS node_name,
    node.name_en AS node_name_en,
    node.weight,
    detail.scores[node.node_number] AS score,
    detail.coverages[node.node_number] AS coverage,
    node.node_number AS sort_order
FROM warehouse.score_detail AS detail
INNER JOIN warehouse.scoring_node AS node ON detail.method_key = node.method_key
LEFT JOIN
    warehouse.scoring_node AS parent
    ON node.method_key = parent.method_key AND node.parent_number = parent.node_number
WHERE
    detail.is_final
    AND (
        (SELECT reader.sees_all FROM warehouse.reader AS reader)
        OR detail.district_code IN (SELECT own.district_code FROM warehouse.own_district AS own)
        OR detail.period_code IN (SELECT released.period_code FROM warehouse.released_period AS released)
    );
