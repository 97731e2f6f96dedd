-- What a signature is bound to, as hashes. A line is a JSON array, so that no two contents are written alike; numbers
-- are in their shortest decimal, keys of this database are never part of it.

CREATE FUNCTION warehouse.content_sha256(lines text[]) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
SELECT encode(sha256(convert_to(coalesce(string_agg(l.line, E'\n' ORDER BY l.line COLLATE "C"), ''), 'UTF8')), 'hex')
FROM unnest(lines) AS l (line)
$$;

-- Whatever a method reads of the reports and external scores of a period, as known at a moment (null: now).
CREATE FUNCTION warehouse.data_line(period_key integer, definition jsonb, known_at timestamptz)
RETURNS TABLE (district_code text, line text)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
WITH input AS MATERIALIZED (
    SELECT o.input_code FROM warehouse.method_operand(data_line.definition) AS o
    UNION
    SELECT 'criterion.' || n.node_code FROM warehouse.method_node(data_line.definition) AS n WHERE n.rule IS NOT NULL
),

fact AS MATERIALIZED (
    SELECT o.district_key, o.indicator_key, o.value, o.value_status
    FROM warehouse.fact_observation AS o
    WHERE
        o.period_key = data_line.period_key
        AND CASE
            WHEN data_line.known_at IS NULL THEN o.known_to = 'infinity'
            ELSE o.known_from <= data_line.known_at AND o.known_to > data_line.known_at
        END
)

SELECT d.district_code, jsonb_build_array(d.district_code, i.indicator_code, trim_scale(f.value), f.value_status)::text
FROM fact AS f
INNER JOIN warehouse.dim_district AS d ON f.district_key = d.district_key
INNER JOIN warehouse.dim_indicator AS i ON f.indicator_key = i.indicator_key
INNER JOIN input AS n ON i.indicator_code = n.input_code
UNION ALL
SELECT d.district_code, jsonb_build_array(d.district_code)::text
FROM warehouse.dim_district AS d
WHERE d.district_key IN (SELECT f.district_key FROM fact AS f)
UNION ALL
SELECT e.district_code, jsonb_build_array(e.district_code, e.input_code, trim_scale(e.value), e.stage_code)::text
FROM warehouse.external_score AS e
INNER JOIN warehouse.dim_period AS p ON e.period_code = p.period_code
INNER JOIN input AS n ON e.input_code = n.input_code
WHERE
    p.period_key = data_line.period_key
    AND CASE
        WHEN data_line.known_at IS NULL THEN e.known_to = 'infinity'
        ELSE e.known_from <= data_line.known_at AND e.known_to > data_line.known_at
    END
$$;

CREATE FUNCTION warehouse.data_sha256(period_key integer, definition jsonb, known_at timestamptz) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
SELECT warehouse.content_sha256(array_agg(l.line))
FROM warehouse.data_line(data_sha256.period_key, data_sha256.definition, data_sha256.known_at) AS l
$$;

CREATE FUNCTION warehouse.unit_line(district_code text, district_name text, commune_count integer) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
SELECT jsonb_build_array(district_code, district_name, commune_count)::text
$$;
