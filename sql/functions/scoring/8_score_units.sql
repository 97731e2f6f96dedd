-- The ranking of units by a method, with the score of every node of its tree: the one engine, whatever the data.
--
-- The planner has no statistics of arrays and would sort or loop over tens of thousands of rows: it is told to hash, in
-- memory, and not to compile, which takes longer than running.

CREATE FUNCTION warehouse.score_units(
    definition jsonb,
    units warehouse.scored_unit[],
    unit_values warehouse.unit_value[],
    stage_number integer DEFAULT NULL
)
RETURNS SETOF warehouse.unit_score
LANGUAGE plpgsql IMMUTABLE
SET search_path = pg_catalog, pg_temp
SET work_mem = '64MB'
SET jit = off
SET enable_mergejoin = off
SET enable_nestloop = off
SET enable_sort = off
AS $$
DECLARE
    nodes CONSTANT warehouse.scoring_node[] := ARRAY(SELECT warehouse.method_node(definition));
    last_stage CONSTANT integer := greatest(jsonb_array_length(definition -> 'stages'), 1);
    node_scores warehouse.node_score[];
BEGIN
    node_scores := ARRAY(
        SELECT warehouse.score_criteria(nodes, units, unit_values, coalesce(stage_number, last_stage))
    );
    FOR node_depth IN REVERSE (SELECT max(node.depth) FROM unnest(nodes) AS node) - 1 .. 0 LOOP
        node_scores := node_scores || ARRAY(SELECT warehouse.score_level(nodes, node_scores, node_depth));
    END LOOP;
    RETURN QUERY SELECT * FROM warehouse.rank_scores(definition, nodes, node_scores);
END
$$;
