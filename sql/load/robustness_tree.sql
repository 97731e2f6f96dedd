-- The tree of a method as the draws need it; steps that fall are a criterion of which less is better.

SELECT
    n.node_code,
    n.kind,
    coalesce(n.parent_number, 0) - 1 AS parent,
    n.weight::float8,
    n.aggregation,
    n.rule,
    coalesce(
        n.zero_at > n.full_at,
        CASE WHEN n.rule = 'steps' THEN n.edge_points[1] > n.edge_points[cardinality(n.edge_points)] END,
        n.is_less_better
    ) AS is_less_better,
    n.lowest_points::float8,
    n.round_unit::float8,
    n.round_digits
FROM warehouse.method_node(%(definition)s::jsonb) AS n
ORDER BY n.node_number;
