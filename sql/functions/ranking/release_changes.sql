-- What has changed since a ranking was signed: its signature is bound to its content, so it is void by itself as long
-- as the figures, the method or the units differ from those signed; with the same content again it holds again.
-- Only where some fact moved is the content hashed anew.

CREATE FUNCTION warehouse.release_changes(release_id integer)
RETURNS TABLE (is_data_changed boolean, is_method_changed boolean, is_units_changed boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
SELECT
    (
        EXISTS (
            SELECT FROM warehouse.fact_observation AS o
            WHERE
                o.period_key = p.period_key
                AND (o.known_from > r.known_at OR (o.known_to > r.known_at AND o.known_to < 'infinity'))
        )
        OR EXISTS (
            SELECT FROM warehouse.external_score AS e
            WHERE
                e.period_code = r.period_code
                AND (e.known_from > r.known_at OR (e.known_to > r.known_at AND e.known_to < 'infinity'))
        )
    )
    AND coalesce(warehouse.data_sha256(p.period_key, v.definition, NULL) <> r.data_sha256, true),
    NOT EXISTS (
        SELECT FROM warehouse.scoring_method AS m
        WHERE
            m.method_code = r.method_code AND m.content_sha256 = r.method_sha256
            AND p.period_end BETWEEN m.valid_from AND m.valid_to
    ),
    r.units_sha256 <> (
        SELECT warehouse.content_sha256(array_agg(warehouse.unit_line(e.district_code, e.district_name, d.commune_count)))
        FROM warehouse.expected_report AS e
        INNER JOIN warehouse.dim_district AS d ON e.district_key = d.district_key
        WHERE e.period_key = p.period_key
    )
FROM warehouse.ranking_release AS r
INNER JOIN warehouse.dim_period AS p ON r.period_code = p.period_code
LEFT JOIN LATERAL (
    SELECT s.definition FROM warehouse.scoring_version AS s
    WHERE s.method_code = r.method_code AND s.content_sha256 = r.method_sha256
    ORDER BY s.known_from
    LIMIT 1
) AS v ON true
WHERE r.release_id = release_changes.release_id
$$;
