-- The versions of the methods in force for a period, as the warehouse knew them at a timestamp; a timestamp before the
-- first version of a method takes that one.

CREATE FUNCTION warehouse.method_in_force(period_end date, known_at timestamptz)
RETURNS TABLE (method_code text, content_sha256 text, definition jsonb)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
WITH version AS (
    SELECT DISTINCT ON (method_code)
        method_code,
        content_sha256,
        definition
    FROM warehouse.scoring_version
    ORDER BY
        method_code,
        known_from <= method_in_force.known_at DESC,
        CASE WHEN known_from <= method_in_force.known_at THEN known_from END DESC,
        known_from
)

SELECT
    version.method_code,
    version.content_sha256,
    version.definition
FROM version
WHERE
    method_in_force.period_end >= (version.definition ->> 'valid_from')::date
    AND method_in_force.period_end <= coalesce((version.definition ->> 'valid_to')::date, 'infinity')
$$;
