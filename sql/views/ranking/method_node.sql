-- The tree of each method: what counts, how much, by which rule, and why.

CREATE VIEW mart.method_node AS
SELECT
    method.method_code,
    node.node_code,
    parent.node_code AS parent_code,
    node.kind,
    node.depth,
    node.reform_area_code,
    node.weight,
    node.aggregation,
    node.rule,
    node.zero_at,
    node.full_at,
    (
        SELECT
            string_agg(
                operand.part || ' ' || operand.input_code, ', ' ORDER BY operand.part DESC, operand.operand_number ASC
            )
        FROM warehouse.scoring_operand AS operand
        WHERE operand.method_key = node.method_key AND operand.node_number = node.node_number
    ) AS inputs,
    node.name_vi AS node_name,
    node.name_en AS node_name_en,
    node.reason_vi AS node_reason,
    node.reason_en AS node_reason_en,
    node.node_number AS sort_order
FROM warehouse.scoring_node AS node
INNER JOIN warehouse.scoring_method AS method ON node.method_key = method.method_key
LEFT JOIN
    warehouse.scoring_node AS parent
    ON node.method_key = parent.method_key AND node.parent_number = parent.node_number;
