-- The ranking of units by a method, with the score of every node of its tree: the one engine, whatever the table.
-- See score_statement for the sources and outcomes. Sources are texts of ours, never of a reader.
--
-- The steps of the statement carry no statistics, so the planner would sort tens of thousands of rows to merge them
-- with sixty: it is told to hash, in memory, and that an index is not dear. To compile it takes longer than to run it.

CREATE FUNCTION warehouse.score_units(
    definition jsonb, unit_source text, value_source text, stage_number integer DEFAULT NULL
)
RETURNS TABLE (
    slice integer,
    unit integer,
    base_score numeric,
    score numeric,
    coverage numeric,
    is_ranked boolean,
    rank bigint,
    is_tied boolean,
    band text,
    band_en text,
    scores numeric[],
    coverages numeric[],
    outcomes "char"[], -- noqa: RF06
    numerators numeric[],
    denominators numeric[]
)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
SET work_mem = '64MB'
SET jit = off
SET enable_mergejoin = off
SET enable_sort = off
SET random_page_cost = 1.1
AS $$
DECLARE
    inputs text [];
BEGIN
    SELECT array_agg(DISTINCT o.input_code) INTO inputs FROM warehouse.method_operand(definition) AS o;
    RETURN QUERY EXECUTE warehouse.score_statement(definition, unit_source, value_source)
    USING definition, inputs, coalesce(stage_number, greatest(jsonb_array_length(definition -> 'stages'), 1), 1);
END
$$;
