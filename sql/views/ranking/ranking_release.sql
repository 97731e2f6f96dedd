-- The rankings that somebody signed: on what they stand, and whether the signature holds still. It is bound to the
-- content: where figures, method or units are others than those signed, it is void by itself.

CREATE VIEW mart.ranking_release WITH (security_barrier) AS
SELECT
    release.release_id,
    release.period_code,
    release.method_code,
    release.known_at,
    release.signed_by,
    release.signed_at,
    release.reason,
    change.is_data_changed OR change.is_method_changed OR change.is_units_changed AS is_void,
    concat_ws(
        '; ',
        CASE WHEN change.is_data_changed THEN 'số liệu đã thay đổi sau khi ký' END,
        CASE WHEN change.is_method_changed THEN 'bộ tiêu chí đã thay đổi sau khi ký' END,
        CASE WHEN change.is_units_changed THEN 'danh mục đơn vị đã thay đổi sau khi ký' END
    ) AS void_reason,
    concat_ws(
        '; ',
        CASE WHEN change.is_data_changed THEN 'figures have changed since it was signed' END,
        CASE WHEN change.is_method_changed THEN 'the method has changed since it was signed' END,
        CASE WHEN change.is_units_changed THEN 'the units have changed since it was signed' END
    ) AS void_reason_en,
    (
        SELECT min(later.release_id) FROM warehouse.ranking_release AS later
        WHERE
            later.period_code = release.period_code
            AND later.method_code = release.method_code
            AND later.release_id > release.release_id
    ) AS followed_by,
    release.content_sha256,
    release.data_sha256,
    release.units_sha256,
    release.method_sha256,
    release.ranking_sha256,
    release.intervals_sha256,
    release.code_version,
    release.engine_sha256,
    release.draws,
    release.seed
FROM warehouse.ranking_release AS release
CROSS JOIN LATERAL warehouse.release_changes(release.release_id) AS change
WHERE
    (SELECT reader.sees_all FROM warehouse.reader AS reader)
    OR release.period_code IN (SELECT released.period_code FROM warehouse.released_period AS released);
