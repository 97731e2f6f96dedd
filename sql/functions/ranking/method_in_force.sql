-- The versions of the methods in force for a period, as the warehouse knew them at a moment; a moment before the first
-- version takes that one.

CREATE FUNCTION warehouse.method_in_force(period_end date, known_at timestamptz)
RETURNS TABLE (method_code text, content_sha256 text, definition jsonb)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
SELECT v.method_code, v.content_sha256, v.definition
FROM (
    SELECT DISTINCT ON (s.method_code) s.*
    FROM warehouse.scoring_version AS s
    ORDER BY
        s.method_code, s.known_from <= method_in_force.known_at DESC,
        CASE WHEN s.known_from <= method_in_force.known_at THEN s.known_from END DESC, s.known_from
) AS v
WHERE
    method_in_force.period_end >= (v.definition ->> 'valid_from')::date
    AND method_in_force.period_end <= coalesce((v.definition ->> 'valid_to')::date, 'infinity')
$$;
