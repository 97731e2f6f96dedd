-- The score of every inner node of the tree, the total first.

WITH node AS (
    SELECT * FROM warehouse.method_node(%(definition)s::jsonb)
)

SELECT
    result.unit_code AS unit,
    node.node_code AS node,
    parent.node_code AS parent,
    node.weight,
    result.scores[node.node_number] AS score,
    result.coverages[node.node_number] AS coverage
FROM pg_temp.score_result AS result
CROSS JOIN node
LEFT JOIN node AS parent ON node.parent_number = parent.node_number
WHERE node.rule IS NULL
ORDER BY result.rank ASC NULLS LAST, result.unit ASC, node.node_number ASC;
