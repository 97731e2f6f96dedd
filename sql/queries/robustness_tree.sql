-- The tree of a method as the draws need it; descending steps are a criterion of which less is better.

SELECT
    node_code,
    kind,
    coalesce(parent_number, 0) - 1 AS parent,
    weight::float8,
    aggregation,
    rule,
    coalesce(
        zero_at > full_at,
        CASE WHEN rule = 'steps' THEN edge_points[1] > edge_points[cardinality(edge_points)] END,
        is_less_better
    ) AS is_less_better,
    lowest_points::float8,
    round_unit::float8,
    round_digits
FROM warehouse.method_node(%(definition)s::jsonb)
ORDER BY node_number;
