-- The tree of each method: what counts, how much, by which rule, and why.

CREATE VIEW mart.method_node AS
SELECT
    m.method_code,
    n.node_code,
    p.node_code AS parent_code,
    n.kind,
    n.depth,
    n.reform_area_code,
    n.weight,
    n.aggregation,
    n.rule,
    n.zero_at,
    n.full_at,
    (
        SELECT string_agg(o.part || ' ' || o.input_code, ', ' ORDER BY o.part DESC, o.operand_number ASC)
        FROM warehouse.scoring_operand AS o
        WHERE o.method_key = n.method_key AND o.node_number = n.node_number
    ) AS inputs,
    n.name_vi AS node_name,
    n.name_en AS node_name_en,
    n.reason_vi AS node_reason,
    n.reason_en AS node_reason_en,
    n.node_number AS sort_order
FROM warehouse.scoring_node AS n
INNER JOIN warehouse.scoring_method AS m ON n.method_key = m.method_key
LEFT JOIN warehouse.scoring_node AS p ON n.method_key = p.method_key AND n.parent_number = p.node_number;
