-- The tree of a method as rows, parents before children; node 1 is the whole, criteria outside the hundred come last.
-- What a key that is left out means is said here, so that a method written by hand for rank_with works as well.

CREATE FUNCTION warehouse.method_node(definition jsonb)
RETURNS TABLE (
    node_number integer,
    parent_number integer,
    depth integer,
    node_code text,
    kind text,
    reform_area_code text,
    weight numeric,
    aggregation text,
    rule text,
    zero_at numeric,
    full_at numeric,
    lowest_points numeric,
    is_less_better boolean,
    edges numeric[],
    edge_points numeric[],
    empty_denominator text,
    round_unit numeric,
    round_digits integer,
    from_stage integer,
    content jsonb,
    statuses jsonb
)
LANGUAGE sql IMMUTABLE ROWS 100 SET search_path = pg_catalog, pg_temp AS $$
WITH RECURSIVE tree AS (
    SELECT
        ARRAY[0]::bigint [] AS path,
        NULL::bigint [] AS parent_path,
        0 AS depth,
        'root' AS kind,
        NULL::text AS area,
        definition AS node,
        'parts' AS scheme,
        coalesce(definition ->> 'weights', 'share') AS scheme_below
    UNION ALL
    SELECT
        t.path || c.place,
        t.path,
        t.depth + 1,
        CASE WHEN c.node ? 'criterion' THEN 'criterion' WHEN c.node ? 'area' THEN 'area' ELSE 'group' END,
        coalesce(c.node ->> 'area', t.area),
        c.node,
        t.scheme_below,
        coalesce(c.node ->> 'weights', t.scheme_below)
    FROM tree AS t
    CROSS JOIN LATERAL jsonb_array_elements(
        CASE
            WHEN t.node ? 'criterion' THEN '[]'
            ELSE coalesce(t.node -> CASE t.depth WHEN 0 THEN 'areas' ELSE 'criteria' END, '[]')
        END
    ) WITH ORDINALITY AS c (node, place)
),

outside AS (
    SELECT
        ARRAY[k.place, c.place]::bigint [] AS path,
        k.kind,
        c.node
    FROM (VALUES (1, 'bonus', 'bonus'), (2, 'penalties', 'penalty')) AS k (place, key, kind)
    CROSS JOIN LATERAL jsonb_array_elements(coalesce(definition -> k.key, '[]')) WITH ORDINALITY AS c (node, place)
),

every AS (
    SELECT * FROM tree
    UNION ALL
    SELECT o.path, NULL, 1, o.kind, NULL, o.node, 'share', 'share' FROM outside AS o
),

numbered AS (
    SELECT
        e.*,
        row_number() OVER (ORDER BY e.path)::integer AS node_number,
        coalesce((e.node ->> 'weight')::numeric, (e.node ->> 'max_points')::numeric, 100) AS weight
    FROM every AS e
)

SELECT
    n.node_number,
    p.node_number,
    n.depth,
    CASE n.kind WHEN 'root' THEN 'total' ELSE coalesce(n.node ->> 'criterion', n.node ->> 'area', n.node ->> 'group') END,
    n.kind,
    n.area,
    n.weight,
    CASE WHEN n.kind IN ('root', 'area', 'group') THEN coalesce(n.node ->> 'aggregation', 'arithmetic') END,
    n.node ->> 'rule',
    CASE n.node ->> 'rule'
        WHEN 'linear' THEN CASE n.node ->> 'direction' WHEN 'lower' THEN 100 ELSE 0 END
        WHEN 'capped' THEN 0
        WHEN 'goalposts' THEN (n.node ->> 'zero_at')::numeric
    END,
    CASE n.node ->> 'rule'
        WHEN 'linear' THEN CASE n.node ->> 'direction' WHEN 'lower' THEN 0 ELSE 100 END
        WHEN 'capped' THEN (n.node ->> 'threshold')::numeric
        WHEN 'goalposts' THEN (n.node ->> 'full_at')::numeric
    END,
    coalesce((n.node ->> 'lowest_points')::numeric, 0),
    coalesce(n.node ->> 'direction', 'higher') = 'lower',
    g.edges,
    g.edge_points,
    coalesce(n.node ->> 'empty_denominator', ''),
    CASE n.scheme WHEN 'share' THEN n.weight ELSE 100 END,
    (definition -> 'rounding' ->> CASE
        WHEN n.kind = 'root' THEN 'score' WHEN n.kind IN ('area', 'group') THEN 'groups' ELSE 'criteria'
    END)::integer,
    coalesce((
        SELECT s.place FROM jsonb_array_elements_text(definition -> 'stages') WITH ORDINALITY AS s (stage, place)
        WHERE s.stage = n.node ->> 'stage'
    ), 1)::integer,
    n.node - 'criteria' - 'areas' - 'bonus' - 'penalties',
    '{"blank": "zero", "not_done": "zero", "undecidable": "zero", "not_applicable": "drop", "no_report": "drop"}'::jsonb
    || coalesce(definition -> 'statuses', '{}') || coalesce(n.node -> 'statuses', '{}')
FROM numbered AS n
LEFT JOIN numbered AS p ON n.parent_path = p.path
LEFT JOIN LATERAL (
    SELECT
        array_agg(e.edge ORDER BY e.edge) AS edges,
        array_agg(e.points ORDER BY e.edge) AS edge_points
    FROM (
        SELECT k.key::numeric, k.value::numeric
        FROM jsonb_each_text(CASE n.node ->> 'rule' WHEN 'code_list' THEN n.node -> 'points' END) AS k
        UNION ALL
        SELECT (k.step ->> 'from')::numeric, (k.step ->> 'points')::numeric
        FROM jsonb_array_elements(CASE n.node ->> 'rule' WHEN 'steps' THEN n.node -> 'steps' END) AS k (step)
    ) AS e (edge, points)
) AS g ON true
ORDER BY n.node_number
$$;
