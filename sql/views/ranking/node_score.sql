-- The score of every place in a method's tree, from the whole (depth 0) down to the criteria.

CREATE VIEW mart.node_score AS
SELECT
    d.period_code,
    d.method_code,
    d.district_code,
    d.district_name,
    n.node_code,
    p.node_code AS parent_code,
    n.kind,
    n.depth,
    n.reform_area_code,
    n.name_vi AS node_name,
    n.name_en AS node_name_en,
    n.weight,
    d.scores[n.node_number] AS score,
    d.coverages[n.node_number] AS coverage,
    n.node_number AS sort_order
FROM warehouse.score_detail AS d
INNER JOIN warehouse.scoring_node AS n ON d.method_key = n.method_key
LEFT JOIN warehouse.scoring_node AS p ON n.method_key = p.method_key AND n.parent_number = p.node_number
WHERE d.is_final;
