-- A signed ranking: what it is based on, and the hashes that were signed.

SELECT
    release.release_id,
    period.period_key,
    release.period_code,
    release.method_code,
    release.known_at,
    (
        SELECT version.definition::text FROM warehouse.scoring_version AS version
        WHERE version.method_code = release.method_code AND version.content_sha256 = release.method_sha256
        ORDER BY version.known_from
        LIMIT 1
    ) AS definition,
    release.draws,
    release.seed,
    release.method_sha256,
    release.units_sha256,
    release.data_sha256,
    release.ranking_sha256,
    release.intervals_sha256,
    release.content_sha256,
    release.code_version,
    release.engine_sha256
FROM warehouse.ranking_release AS release
INNER JOIN warehouse.dim_period AS period ON release.period_code = period.period_code
WHERE release.release_id = %(release_id)s;
