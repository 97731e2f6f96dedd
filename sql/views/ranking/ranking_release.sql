-- The rankings that somebody signed: on what they stand, and whether the signature holds still. It is bound to the
-- content: where figures, method or units are others than those signed, it is void by itself.

CREATE VIEW mart.ranking_release WITH (security_barrier) AS
SELECT
    r.release_id,
    r.period_code,
    r.method_code,
    r.known_at,
    r.signed_by,
    r.signed_at,
    r.reason,
    c.is_data_changed OR c.is_method_changed OR c.is_units_changed AS is_void,
    concat_ws(
        '; ',
        CASE WHEN c.is_data_changed THEN 'số liệu đã thay đổi sau khi ký' END,
        CASE WHEN c.is_method_changed THEN 'bộ tiêu chí đã thay đổi sau khi ký' END,
        CASE WHEN c.is_units_changed THEN 'danh mục đơn vị đã thay đổi sau khi ký' END
    ) AS void_reason,
    concat_ws(
        '; ',
        CASE WHEN c.is_data_changed THEN 'figures have changed since it was signed' END,
        CASE WHEN c.is_method_changed THEN 'the method has changed since it was signed' END,
        CASE WHEN c.is_units_changed THEN 'the units have changed since it was signed' END
    ) AS void_reason_en,
    (
        SELECT min(n.release_id) FROM warehouse.ranking_release AS n
        WHERE n.period_code = r.period_code AND n.method_code = r.method_code AND n.release_id > r.release_id
    ) AS followed_by,
    r.content_sha256,
    r.data_sha256,
    r.units_sha256,
    r.method_sha256,
    r.ranking_sha256,
    r.intervals_sha256,
    r.code_version,
    r.engine_sha256,
    r.draws,
    r.seed
FROM warehouse.ranking_release AS r
CROSS JOIN LATERAL warehouse.release_changes(r.release_id) AS c
WHERE
    (SELECT a.sees_all FROM warehouse.reader AS a)
    OR r.period_code IN (SELECT w.period_code FROM warehouse.released_period AS w);
