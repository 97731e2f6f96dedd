-- Signed rankings: all, those of a period, or one.

SELECT
    r.release_id,
    r.period_code,
    r.method_code,
    r.signed_by,
    r.signed_at,
    r.reason,
    r.known_at,
    r.is_void,
    r.void_reason,
    r.followed_by,
    r.content_sha256,
    r.code_version
FROM mart.ranking_release AS r
WHERE
    (r.period_code = %(period_code)s OR %(period_code)s::text IS NULL)
    AND (r.release_id = %(release_id)s OR %(release_id)s::integer IS NULL)
ORDER BY r.release_id;
