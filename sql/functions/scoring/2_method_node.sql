-- The tree of a method as rows, parents before children: node 1 is the total, criteria outside the hundred points come
-- last. Defaults of omitted keys are set here, so that a method written by hand for mart.rank_with works as well.

CREATE FUNCTION warehouse.method_node(definition jsonb, method_key integer DEFAULT NULL)
RETURNS SETOF warehouse.scoring_node
LANGUAGE sql IMMUTABLE ROWS 100
BEGIN ATOMIC
    WITH RECURSIVE tree AS (
        SELECT
            ARRAY[0]::bigint[] AS path,
            NULL::bigint[] AS parent_path,
            0 AS depth,
            'method' AS place,
            'root' AS kind,
            NULL::text AS reform_area_code,
            definition AS content,
            'parts' AS scheme_above,
            coalesce(warehouse.method_word(definition, 'weights', 'method', '{share,parts}'), 'share') AS weight_scheme
        UNION ALL
        SELECT
            parent.path || child.entry_number,
            parent.path,
            parent.depth + 1,
            child.entry_place,
            CASE
                WHEN child.entry ? 'criterion' THEN 'criterion'
                WHEN child.entry ? 'area' THEN 'area'
                WHEN child.entry ? 'group' THEN 'group'
            END,
            coalesce(child.entry ->> 'area', parent.reform_area_code),
            child.entry,
            parent.weight_scheme,
            coalesce(
                warehouse.method_word(child.entry, 'weights', child.entry_place, '{share,parts}'), parent.weight_scheme
            )
        FROM tree AS parent
        CROSS JOIN
            LATERAL warehouse.method_entries(
                parent.content, CASE parent.depth WHEN 0 THEN 'areas' ELSE 'criteria' END, parent.place
            ) AS child
        WHERE parent.depth <= 20 -- warehouse.check_method refuses deeper trees
    ),

    node AS (
        SELECT
            every.*,
            row_number() OVER (ORDER BY every.path)::integer AS node_number,
            coalesce(
                warehouse.method_number(every.content, 'weight', every.place),
                warehouse.method_number(every.content, 'max_points', every.place),
                100
            ) AS weight,
            every.content ->> 'rule' AS rule,
            coalesce(
                CASE every.kind WHEN 'root' THEN 'total' END,
                every.content ->> 'criterion',
                every.content ->> 'area',
                every.content ->> 'group'
            ) AS code,
            CASE every.kind
                WHEN 'root' THEN 'score'
                WHEN 'area' THEN 'groups'
                WHEN 'group' THEN 'groups'
                ELSE 'criteria'
            END AS rounding_key
        FROM (
            SELECT * FROM tree
            UNION ALL
            SELECT
                ARRAY[list.number, child.entry_number]::bigint[],
                NULL,
                1,
                child.entry_place,
                list.kind,
                NULL,
                child.entry,
                'share',
                'share'
            FROM (VALUES (1, 'bonus', 'bonus'), (2, 'penalties', 'penalty')) AS list (number, key, kind)
            CROSS JOIN LATERAL warehouse.method_entries(definition, list.key, 'method') AS child
        ) AS every
    ),

    -- The edges of steps and the codes of a code list, ascending, with their points.
    edge AS (
        SELECT
            listed.node_number,
            array_agg(listed.edge ORDER BY listed.edge) AS edges,
            array_agg(listed.points ORDER BY listed.edge) AS edge_points
        FROM (
            SELECT
                node.node_number,
                warehouse.method_number(jsonb_build_object('code', code.key), 'code', node.place || '.points') AS edge,
                warehouse.method_number(node.content -> 'points', code.key, node.place || '.points') AS points
            FROM node
            CROSS JOIN LATERAL jsonb_object_keys(node.content -> 'points') AS code (key)
            WHERE node.rule = 'code_list'
            UNION ALL
            SELECT
                node.node_number,
                warehouse.method_number(step.entry, 'from', step.entry_place) AS edge,
                warehouse.method_number(step.entry, 'points', step.entry_place) AS points
            FROM node
            CROSS JOIN LATERAL warehouse.method_entries(node.content, 'steps', node.place) AS step
            WHERE node.rule = 'steps'
        ) AS listed
        GROUP BY listed.node_number
    )

    SELECT
        method_key,
        node.node_number,
        parent.node_number AS parent_number,
        ARRAY(
            SELECT ancestor.node_number FROM node AS ancestor
            WHERE
                ancestor.depth > 0
                AND node.parent_path IS NOT NULL
                AND ancestor.path = node.path[1:ancestor.depth + 1]
        ),
        node.depth,
        node.place,
        node.code,
        node.kind,
        node.reform_area_code,
        node.weight,
        node.weight_scheme,
        CASE
            WHEN node.kind IN ('root', 'area', 'group')
                THEN coalesce(
                    warehouse.method_word(node.content, 'aggregation', node.place, '{arithmetic,geometric,sum}'),
                    'arithmetic'
                )
        END,
        node.rule,
        ARRAY(
            SELECT input.name
            FROM unnest('{numerator,value,sum,external}'::text[]) AS source (key)
            CROSS JOIN LATERAL warehouse.method_names(node.content, source.key, node.place) AS input
        ),
        ARRAY(SELECT input.name FROM warehouse.method_names(node.content, 'denominator', node.place) AS input),
        CASE node.rule
            WHEN 'linear' THEN CASE node.content ->> 'direction' WHEN 'lower' THEN 100 ELSE 0 END
            WHEN 'capped' THEN 0
            WHEN 'goalposts' THEN warehouse.method_number(node.content, 'zero_at', node.place)
        END,
        CASE node.rule
            WHEN 'linear' THEN CASE node.content ->> 'direction' WHEN 'lower' THEN 0 ELSE 100 END
            WHEN 'capped' THEN warehouse.method_number(node.content, 'threshold', node.place)
            WHEN 'goalposts' THEN warehouse.method_number(node.content, 'full_at', node.place)
        END,
        coalesce(warehouse.method_number(node.content, 'lowest_points', node.place), 0),
        coalesce(warehouse.method_word(node.content, 'direction', node.place, '{higher,lower}') = 'lower', false),
        edge.edges,
        edge.edge_points,
        coalesce(warehouse.method_word(node.content, 'empty_denominator', node.place, '{full,zero,drop}'), ''),
        CASE node.scheme_above WHEN 'share' THEN node.weight ELSE 100 END,
        warehouse.method_number(definition -> 'rounding', node.rounding_key, 'method.rounding')::integer,
        coalesce((
            SELECT stage.name_number FROM warehouse.method_names(definition, 'stages', 'method') AS stage
            WHERE stage.name = node.content ->> 'stage'
        ), 1)::integer,
        '{"blank": "zero", "not_done": "zero", "undecidable": "zero"}'::jsonb
        || '{"not_applicable": "drop", "no_report": "drop"}'
        || coalesce(definition -> 'statuses', '{}') || coalesce(node.content -> 'statuses', '{}'),
        node.content - '{areas,bonus,penalties,criteria}'::text[],
        coalesce(node.content ->> 'name_vi', node.code),
        coalesce(node.content ->> 'name_en', node.code),
        coalesce(node.content ->> 'reason_vi', ''),
        coalesce(node.content ->> 'reason_en', '')
    FROM node
    LEFT JOIN node AS parent ON node.parent_path = parent.path
    LEFT JOIN edge ON node.node_number = edge.node_number
    ORDER BY node.node_number;
END;
