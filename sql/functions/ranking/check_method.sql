-- Refuses a definition that cannot be scored by, with one sentence; the files of the catalogue are checked before, with
-- their lines (etl.ranking).

CREATE FUNCTION warehouse.check_method(definition jsonb) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    complaint text;
BEGIN
    SELECT m.place || ' ' || m.complaint INTO complaint
    FROM warehouse.method_misshapen(definition) AS m ORDER BY m.place, m.complaint LIMIT 1;
    IF complaint IS NOT NULL THEN
        RAISE EXCEPTION '%', complaint USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF jsonb_typeof(definition -> 'areas') IS DISTINCT FROM 'array' OR jsonb_array_length(definition -> 'areas') = 0 THEN
        RAISE EXCEPTION 'the method has no areas' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    WITH node AS (SELECT * FROM warehouse.method_node(definition)),
    said AS (
        SELECT 1 AS gravity, format('%s weighs %s, not above 0', n.node_code, n.weight) AS words
        FROM node AS n WHERE n.weight <= 0
        UNION ALL
        SELECT 2, format('the node %L stands twice', n.node_code) FROM node AS n GROUP BY n.node_code HAVING count(*) > 1
        UNION ALL
        SELECT 3, format('%s has the unknown rule %L', n.node_code, n.rule)
        FROM node AS n
        WHERE n.kind IN ('criterion', 'bonus', 'penalty') AND coalesce(n.rule, '') NOT IN (
            'linear', 'capped', 'goalposts', 'steps', 'code_list', 'min_max', 'percentile_rank', 'distance_to_best'
        )
        UNION ALL
        SELECT 4, format('%s has the unknown aggregation %L', n.node_code, n.aggregation)
        FROM node AS n WHERE n.aggregation NOT IN ('arithmetic', 'geometric', 'sum')
        UNION ALL
        SELECT 5, format('%s lacks what its rule needs', n.node_code)
        FROM node AS n
        WHERE
            (n.rule IN ('linear', 'capped', 'goalposts') AND (n.zero_at IS NULL OR n.full_at IS NULL OR n.zero_at = n.full_at))
            OR (n.rule IN ('steps', 'code_list') AND n.edges IS NULL)
        UNION ALL
        SELECT 6, format('%s measures nothing', n.node_code)
        FROM node AS n
        WHERE n.rule IS NOT NULL AND NOT EXISTS (
            SELECT FROM warehouse.method_operand(definition) AS o
            WHERE o.node_number = n.node_number AND o.part = 'numerator'
        )
        UNION ALL
        SELECT 7, format('%s names the unknown indicator %L', n.node_code, o.input_code)
        FROM warehouse.method_operand(definition) AS o INNER JOIN node AS n ON o.node_number = n.node_number
        WHERE
            NOT n.content ? 'external' AND o.input_code <> 'district.commune_count'
            AND NOT EXISTS (SELECT FROM warehouse.dim_indicator AS i WHERE i.indicator_code = o.input_code)
        UNION ALL
        SELECT 8, format('the weights below %s sum to %s, not to %s', p.node_code, sum(n.weight), p.weight)
        FROM node AS n INNER JOIN node AS p ON n.parent_number = p.node_number
        WHERE coalesce(p.content ->> 'weights', 'share') = 'share' AND n.round_unit = n.weight
        GROUP BY p.node_code, p.weight HAVING sum(n.weight) <> p.weight
        UNION ALL
        SELECT 9, format('the tie-break %L is no node of the method', b.code)
        FROM jsonb_array_elements_text(definition -> 'tie_breaks') AS b (code)
        WHERE NOT EXISTS (SELECT FROM node AS n WHERE n.node_code = b.code)
        UNION ALL
        SELECT 9, format('unknown key %L', k.key)
        FROM jsonb_object_keys(definition) AS k (key)
        WHERE k.key NOT IN (
            'method_code', 'name_vi', 'name_en', 'note_vi', 'note_en', 'valid_from', 'valid_to', 'is_default', 'statuses',
            'bands', 'areas', 'aggregation', 'weights', 'bonus', 'penalties', 'rounding', 'minimum_coverage', 'tie_breaks',
            'stages'
        )
        UNION ALL
        SELECT 10, format('%s has the unknown key %L', n.node_code, k.key)
        FROM node AS n CROSS JOIN LATERAL jsonb_object_keys(n.content) AS k (key)
        WHERE n.kind <> 'root' AND k.key NOT IN (
            'area', 'group', 'criterion', 'weight', 'max_points', 'aggregation', 'weights', 'rule', 'value', 'sum',
            'external', 'numerator', 'denominator', 'empty_denominator', 'threshold', 'zero_at', 'full_at', 'points',
            'steps', 'direction', 'lowest_points', 'statuses', 'stage', 'name_vi', 'name_en', 'reason_vi', 'reason_en'
        )
    )
    SELECT s.words INTO complaint FROM said AS s ORDER BY s.gravity, s.words LIMIT 1;
    IF complaint IS NOT NULL THEN
        RAISE EXCEPTION '%', complaint USING ERRCODE = 'invalid_parameter_value';
    END IF;
END
$$;
