-- What has changed since a ranking was signed: the signature is void as long as the figures, the method or the units
-- differ from those signed, and valid again with the same content. Content is hashed again only where a fact changed.

CREATE FUNCTION warehouse.release_changes(release_id integer)
RETURNS TABLE (is_data_changed boolean, is_method_changed boolean, is_units_changed boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
WITH release AS (
    SELECT
        ranking_release.*,
        period.period_key,
        period.period_end,
        (
            SELECT version.definition FROM warehouse.scoring_version AS version
            WHERE
                version.method_code = ranking_release.method_code
                AND version.content_sha256 = ranking_release.method_sha256
            ORDER BY version.known_from
            LIMIT 1
        ) AS definition
    FROM warehouse.ranking_release
    INNER JOIN warehouse.dim_period AS period ON ranking_release.period_code = period.period_code
    WHERE ranking_release.release_id = release_changes.release_id
)

SELECT
    (
        EXISTS (
            SELECT FROM warehouse.fact_observation AS fact
            WHERE
                fact.period_key = release.period_key
                AND (
                    fact.known_from > release.known_at
                    OR (fact.known_to > release.known_at AND fact.known_to < 'infinity')
                )
        )
        OR EXISTS (
            SELECT FROM warehouse.external_score AS score
            WHERE
                score.period_code = release.period_code
                AND (
                    score.known_from > release.known_at
                    OR (score.known_to > release.known_at AND score.known_to < 'infinity')
                )
        )
    )
    AND coalesce(warehouse.data_sha256(release.period_key, release.definition, NULL) <> release.data_sha256, true),
    NOT EXISTS (
        SELECT FROM warehouse.scoring_method AS method
        WHERE
            method.method_code = release.method_code
            AND method.content_sha256 = release.method_sha256
            AND release.period_end BETWEEN method.valid_from AND method.valid_to
    ),
    release.units_sha256 <> (
        SELECT warehouse.content_sha256(array_agg(
            warehouse.unit_line(expected.district_code, expected.district_name, district.commune_count)
        ))
        FROM warehouse.expected_report AS expected
        INNER JOIN warehouse.dim_district AS district ON expected.district_key = district.district_key
        WHERE expected.period_key = release.period_key
    )
FROM release
$$;
