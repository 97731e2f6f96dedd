-- What each criterion weighs after others were dropped, and what it contributes to the score.

WITH tree AS (
    SELECT
        array_agg(parent_number ORDER BY node_number) AS parents,
        array_agg(kind ORDER BY node_number) AS kinds,
        array_agg(weight ORDER BY node_number) AS weights,
        array_agg(aggregation ORDER BY node_number) AS aggregations,
        array_agg(node_code ORDER BY node_number) AS codes
    FROM warehouse.method_node(%(definition)s::jsonb)
)

SELECT
    result.unit_code AS unit,
    coalesce(tree.codes[contribution.node_number], 'rounding_and_limits') AS criterion,
    contribution.effective_weight,
    contribution.points AS score,
    contribution.contribution
FROM pg_temp.score_result AS result
CROSS JOIN tree
CROSS JOIN
    LATERAL warehouse.score_contributions(
        tree.parents, tree.kinds, tree.weights, tree.aggregations, result.scores, result.score
    ) AS contribution
WHERE result.score IS NOT NULL
ORDER BY result.rank ASC NULLS LAST, result.unit ASC, contribution.node_number ASC NULLS LAST;
