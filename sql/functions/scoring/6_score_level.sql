-- The scores of the inner nodes at one depth of the tree, from those of the nodes below them.

CREATE FUNCTION warehouse.score_level(
    nodes warehouse.scoring_node[], scores warehouse.node_score[], node_depth integer
)
RETURNS SETOF warehouse.node_score
LANGUAGE sql IMMUTABLE
BEGIN ATOMIC
    WITH child AS (
        SELECT
            node_score.slice,
            node_score.unit,
            node.node_number,
            node.parent_number,
            node.weight,
            node_score.score,
            node_score.coverage,
            nodes[node.parent_number].aggregation = 'geometric' AND node_score.score > 0 AS has_logarithm
        FROM unnest(scores) AS node_score
        INNER JOIN unnest(nodes) AS node ON node_score.node_number = node.node_number
        WHERE node.depth = node_depth + 1 AND node.parent_number IS NOT NULL
    ),

    -- Dropped nodes have no weight, except in a sum. Logarithms are floats, so they are summed in the order of the nodes:
    -- their sum depends on it.
    gathered AS (
        SELECT
            child.slice,
            child.unit,
            child.parent_number,
            sum(child.weight) AS weight,
            sum(child.weight) FILTER (WHERE child.score IS NOT NULL) AS scored_weight,
            sum(child.weight * child.score) AS points,
            sum(child.weight * child.coverage) AS covered,
            min(child.score) AS lowest,
            sum(child.weight::float8 * ln(child.score::float8) ORDER BY child.node_number)
            FILTER (WHERE child.has_logarithm) AS log_points
        FROM child
        GROUP BY child.slice, child.unit, child.parent_number
    ),

    scored AS MATERIALIZED (
        SELECT
            gathered.*,
            parent.node_number,
            parent.round_unit,
            parent.round_digits,
            CASE parent.aggregation
                WHEN 'arithmetic' THEN gathered.points::numeric(60, 30) / gathered.scored_weight
                WHEN 'sum' THEN gathered.points::numeric(60, 30) / gathered.weight
                WHEN 'geometric' THEN CASE
                    WHEN gathered.lowest <= 0 THEN 0
                    ELSE round(exp(gathered.log_points / gathered.scored_weight::float8)::numeric, 12)
                END
            END AS score
        FROM gathered
        INNER JOIN unnest(nodes) AS parent ON gathered.parent_number = parent.node_number
    )

    SELECT
        scored.slice,
        scored.unit,
        scored.node_number,
        warehouse.round_score(scored.score, scored.round_unit, scored.round_digits),
        scored.covered::numeric(60, 30) / scored.scored_weight,
        NULL::"char",
        NULL::numeric,
        NULL::numeric
    FROM scored;
END;
