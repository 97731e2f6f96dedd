-- Refuses a method that cannot be scored, with one sentence that names the node or key. Methods of the catalogue are
-- validated before they get here (etl/ranking/methods); this is for definitions that people pass to mart.rank_with.

CREATE FUNCTION warehouse.check_method(definition jsonb, known_inputs text[]) RETURNS void
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    nodes warehouse.scoring_node[];
    problem text;
BEGIN
    IF jsonb_typeof(definition) IS DISTINCT FROM 'object' THEN
        RAISE EXCEPTION 'the method is not a JSON object' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    BEGIN
        PERFORM (definition ->> 'valid_from')::date, (definition ->> 'valid_to')::date;
    EXCEPTION WHEN invalid_datetime_format OR datetime_field_overflow THEN
        RAISE EXCEPTION 'valid_from or valid_to is not a date: %', sqlerrm USING ERRCODE = 'invalid_parameter_value';
    END;
    PERFORM
        warehouse.method_number(definition, 'minimum_coverage', 'method'),
        warehouse.method_number(band.entry, 'from', band.entry_place),
        warehouse.method_number(band.entry, 'above', band.entry_place)
    FROM (VALUES (1)) AS once
    LEFT JOIN warehouse.method_entries(definition, 'bands', 'method') AS band ON true;
    nodes := ARRAY(SELECT warehouse.method_node(definition));

    WITH node AS (
        SELECT * FROM unnest(nodes)
    ),

    found (priority, message) AS (
        SELECT 1, format('%s is nested too deeply', place) FROM node WHERE depth > 20
        UNION ALL
        SELECT 2, format('%s has neither area, group nor criterion', place) FROM node WHERE kind IS NULL
        UNION ALL
        SELECT 3, format('%s has no %s', place, CASE kind WHEN 'root' THEN 'areas' ELSE 'criteria' END)
        FROM node
        WHERE
            kind IN ('root', 'area', 'group')
            AND NOT EXISTS (SELECT FROM node AS child WHERE child.parent_number = node.node_number)
        UNION ALL
        SELECT 4, format('the code %L is used more than once', node_code) FROM node GROUP BY node_code HAVING count(*) > 1
        UNION ALL
        SELECT 5, format('%s has the weight %s, which is not above 0', node_code, weight) FROM node WHERE weight <= 0
        UNION ALL
        SELECT 6, format('%s has the unknown rule %L', node_code, rule)
        FROM node
        WHERE
            kind IN ('criterion', 'bonus', 'penalty')
            AND coalesce(rule, '') <> ALL (
                '{linear,capped,goalposts,steps,code_list,min_max,percentile_rank,distance_to_best}'
            )
        UNION ALL
        SELECT 7, format('%s lacks what its rule %s needs', node_code, rule)
        FROM node
        WHERE
            (rule IN ('linear', 'capped', 'goalposts') AND (zero_at = full_at) IS NOT FALSE)
            OR (rule IN ('steps', 'code_list') AND edges IS NULL)
        UNION ALL
        SELECT 8, format('%s measures nothing', node_code) FROM node WHERE rule IS NOT NULL AND numerator = '{}'
        UNION ALL
        SELECT 9, format('%s names the unknown indicator %L', node_code, input_code)
        FROM node CROSS JOIN LATERAL unnest(numerator || denominator) AS input (input_code)
        WHERE NOT content ? 'external' AND input_code <> ALL (known_inputs)
        UNION ALL
        SELECT 10, format('the weights below %s sum to %s, not to %s', parent.node_code, sum(child.weight), parent.weight)
        FROM node AS parent INNER JOIN node AS child ON parent.node_number = child.parent_number
        WHERE parent.weight_scheme = 'share'
        GROUP BY parent.node_code, parent.weight
        HAVING sum(child.weight) <> parent.weight
        UNION ALL
        SELECT 11, format('the tie-break %L is not a node of the method', name)
        FROM warehouse.method_names(definition, 'tie_breaks', 'method') WHERE name NOT IN (SELECT node_code FROM node)
        UNION ALL
        SELECT 12, format(
            '%s.statuses.%s is %L, not one of zero, drop, lowest%s',
            place, key, value, CASE key WHEN 'not_applicable' THEN ', full' END
        )
        FROM node CROSS JOIN LATERAL jsonb_each_text(content -> 'statuses')
        WHERE NOT coalesce(
            value IN ('zero', 'drop', 'lowest') OR (value = 'full' AND key = 'not_applicable'), false
        )
        UNION ALL
        SELECT 13, format('%s.statuses names the unknown status %L', place, key)
        FROM node CROSS JOIN LATERAL jsonb_object_keys(content -> 'statuses') AS status (key)
        WHERE key NOT IN ('blank', 'not_done', 'undecidable', 'not_applicable', 'no_report')
        UNION ALL
        SELECT 14, format('%s has the unknown key %L', node_code, key)
        FROM node CROSS JOIN LATERAL jsonb_object_keys(content) AS entry (key)
        WHERE key <> ALL (CASE kind
            WHEN 'root' THEN
                '{method_code,name_vi,name_en,note_vi,note_en,valid_from,valid_to,is_default,statuses,bands,aggregation,
                weights,rounding,minimum_coverage,tie_breaks,stages}'
            ELSE
                '{area,group,criterion,weight,max_points,aggregation,weights,rule,value,sum,external,numerator,
                denominator,empty_denominator,threshold,zero_at,full_at,points,steps,direction,lowest_points,statuses,
                stage,name_vi,name_en,reason_vi,reason_en}'
        END::text[])
    )

    SELECT found.message INTO problem FROM found ORDER BY found.priority, found.message LIMIT 1;
    IF problem IS NOT NULL THEN
        RAISE EXCEPTION '%', problem USING ERRCODE = 'invalid_parameter_value';
    END IF;
END
$$;
