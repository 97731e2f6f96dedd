-- Where a definition has not the shape that method_node reads: the place and what is wrong there. Asked before anything
-- is unfolded, so that a slip of somebody who asks "what if" is named, not met as an error of PostgreSQL's.

CREATE FUNCTION warehouse.method_misshapen(definition jsonb) RETURNS TABLE (place text, complaint text)
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
WITH RECURSIVE tree AS (
    SELECT format('%s[%s]', k.key, e.number) AS place, 1 AS depth, e.node
    FROM (VALUES ('areas'), ('bonus'), ('penalties')) AS k (key)
    CROSS JOIN LATERAL jsonb_array_elements(
        CASE WHEN jsonb_typeof(definition -> k.key) = 'array' THEN definition -> k.key ELSE '[]' END
    ) WITH ORDINALITY AS e (node, number)
    UNION ALL
    SELECT format('%s.criteria[%s]', t.place, e.number), t.depth + 1, e.node
    FROM tree AS t
    CROSS JOIN LATERAL jsonb_array_elements(
        CASE WHEN jsonb_typeof(t.node -> 'criteria') = 'array' THEN t.node -> 'criteria' ELSE '[]' END
    ) WITH ORDINALITY AS e (node, number)
    WHERE t.depth < 20
),

entry AS (
    SELECT t.place || '.' || k.key AS place, k.key, k.value
    FROM tree AS t
    CROSS JOIN LATERAL jsonb_each(CASE WHEN jsonb_typeof(t.node) = 'object' THEN t.node ELSE '{}' END) AS k
    UNION ALL
    SELECT k.key, k.key, k.value
    FROM jsonb_each(CASE WHEN jsonb_typeof(definition) = 'object' THEN definition ELSE '{}' END) AS k
),

-- All that has to be a number, wherever it stands.
number AS (
    SELECT e.place, e.value
    FROM entry AS e
    WHERE
        e.key IN ('weight', 'max_points', 'threshold', 'zero_at', 'full_at', 'lowest_points', 'minimum_coverage')
    UNION ALL
    SELECT e.place || '.' || p.key, p.value
    FROM entry AS e
    CROSS JOIN LATERAL jsonb_each(CASE WHEN jsonb_typeof(e.value) = 'object' THEN e.value ELSE '{}' END) AS p
    WHERE e.key IN ('points', 'rounding')
    UNION ALL
    SELECT e.place || ': the code ' || p.key, to_jsonb(p.key)
    FROM entry AS e
    CROSS JOIN LATERAL jsonb_each(CASE WHEN jsonb_typeof(e.value) = 'object' THEN e.value ELSE '{}' END) AS p
    WHERE e.key = 'points'
    UNION ALL
    SELECT format('%s[%s].%s', e.place, s.number, k.key), s.value -> k.key
    FROM entry AS e
    CROSS JOIN LATERAL jsonb_array_elements(
        CASE WHEN jsonb_typeof(e.value) = 'array' THEN e.value ELSE '[]' END
    ) WITH ORDINALITY AS s (value, number)
    CROSS JOIN (VALUES ('steps', 'from'), ('steps', 'points'), ('bands', 'from'), ('bands', 'above')) AS k (list, key)
    WHERE e.key = k.list AND (s.value ? k.key OR k.list = 'steps')
),

word AS (
    SELECT * FROM (
        VALUES
        ('empty_denominator', '{full,zero,drop}'::text []),
        ('direction', '{higher,lower}'),
        ('weights', '{share,parts}'),
        ('aggregation', '{arithmetic,geometric,sum}')
    ) AS w (key, known)
)

SELECT 'the method', 'is no object' WHERE jsonb_typeof(definition) IS DISTINCT FROM 'object'
UNION ALL
SELECT k.key, 'is no list'
FROM (VALUES ('areas'), ('bonus'), ('penalties'), ('bands'), ('stages'), ('tie_breaks')) AS k (key)
WHERE jsonb_typeof(definition -> k.key) <> 'array'
UNION ALL
SELECT t.place, CASE WHEN jsonb_typeof(t.node) <> 'object' THEN 'is no object' ELSE 'is nested too deep' END
FROM tree AS t WHERE jsonb_typeof(t.node) <> 'object' OR t.depth = 20
UNION ALL
SELECT t.place, 'has neither area, group nor criterion'
FROM tree AS t WHERE jsonb_typeof(t.node) = 'object' AND NOT t.node ?| '{area,group,criterion}'
UNION ALL
SELECT t.place, 'has no criteria'
FROM tree AS t WHERE t.node ?| '{area,group}' AND coalesce(t.node -> 'criteria', '[]') = '[]'
UNION ALL
SELECT e.place, 'is no list' FROM entry AS e WHERE e.key IN ('criteria', 'steps') AND jsonb_typeof(e.value) <> 'array'
UNION ALL
SELECT e.place, 'is no object'
FROM entry AS e WHERE e.key IN ('points', 'statuses', 'rounding') AND jsonb_typeof(e.value) <> 'object'
UNION ALL
SELECT n.place, format('is %s, not a number', coalesce(n.value, 'null'))
FROM number AS n
WHERE
    coalesce(jsonb_typeof(n.value), 'null') NOT IN ('number', 'string')
    OR NOT n.value #>> '{}' ~ '^-?[0-9]{1,20}(\.[0-9]{1,20})?$'
UNION ALL
SELECT e.place, format('is %s, not one of %s', e.value, array_to_string(w.known, ', '))
FROM entry AS e INNER JOIN word AS w ON e.key = w.key
WHERE NOT coalesce(e.value #>> '{}', '') = any(w.known)
UNION ALL
SELECT e.place || '.' || s.key, format('is %s, not one of zero, drop, lowest%s', s.value, f.also)
FROM entry AS e
CROSS JOIN LATERAL jsonb_each(CASE WHEN jsonb_typeof(e.value) = 'object' THEN e.value ELSE '{}' END) AS s
CROSS JOIN LATERAL (SELECT CASE s.key WHEN 'not_applicable' THEN ', full' ELSE '' END AS also) AS f
WHERE e.key = 'statuses' AND NOT coalesce(s.value #>> '{}', '') = any(string_to_array('zero, drop, lowest' || f.also, ', '))
UNION ALL
SELECT e.place || '.' || s.key, 'is no status'
FROM entry AS e
CROSS JOIN LATERAL jsonb_each(CASE WHEN jsonb_typeof(e.value) = 'object' THEN e.value ELSE '{}' END) AS s
WHERE e.key = 'statuses' AND s.key NOT IN ('blank', 'not_done', 'undecidable', 'not_applicable', 'no_report')
UNION ALL
SELECT e.place, format('is %s, neither a name nor a list of names', e.value)
FROM entry AS e
WHERE
    e.key IN ('value', 'sum', 'numerator', 'denominator', 'external')
    AND (
        jsonb_typeof(e.value) NOT IN ('string', 'array')
        OR jsonb_path_exists(e.value, 'strict $[*] ? (@.type() != "string")', silent => true)
    )
UNION ALL
SELECT e.place, format('is %s, not a day', e.value)
FROM entry AS e
WHERE
    e.key IN ('valid_from', 'valid_to') AND e.value <> 'null'
    AND NOT coalesce(e.value #>> '{}', '') ~ '^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])$'
    AND NOT coalesce(e.value #>> '{}', '') ~ '^[0-9]{4}-((0[13-9]|1[0-2])-(29|30)|(0[13578]|1[02])-31)$'
    AND NOT coalesce(e.value #>> '{}', '') ~ '^[0-9]{2}([02468][048]|[13579][26])-02-29$'
$$;
