-- A signed ranking: what it stands on, and the hashes that were signed.

SELECT
    r.release_id,
    p.period_key,
    r.period_code,
    r.method_code,
    r.known_at,
    v.definition::text AS definition,
    r.draws,
    r.seed,
    r.method_sha256,
    r.units_sha256,
    r.data_sha256,
    r.ranking_sha256,
    r.intervals_sha256,
    r.content_sha256,
    r.code_version,
    r.engine_sha256
FROM warehouse.ranking_release AS r
INNER JOIN warehouse.dim_period AS p ON r.period_code = p.period_code
LEFT JOIN LATERAL (
    SELECT s.definition FROM warehouse.scoring_version AS s
    WHERE s.method_code = r.method_code AND s.content_sha256 = r.method_sha256
    ORDER BY s.known_from
    LIMIT 1
) AS v ON true
WHERE r.release_id = %(release_id)s;
