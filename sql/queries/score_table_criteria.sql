-- What each criterion measured in each unit, and its points.

SELECT
    result.unit_code AS unit,
    node.node_code AS criterion,
    result.numerators[node.node_number] AS numerator,
    result.denominators[node.node_number] AS denominator,
    warehouse.outcome_measure(
        result.outcomes[node.node_number], result.numerators[node.node_number], result.denominators[node.node_number]
    ) AS measure,
    result.scores[node.node_number] AS score,
    warehouse.outcome_name(result.outcomes[node.node_number]) AS outcome
FROM pg_temp.score_result AS result
CROSS JOIN warehouse.method_node(%(definition)s::jsonb) AS node
WHERE node.rule IS NOT NULL
ORDER BY result.rank ASC NULLS LAST, result.unit ASC, node.node_number ASC;
