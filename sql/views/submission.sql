-- The register: every file that came, those too that count for nothing, with the reason.

CREATE VIEW mart.submission WITH (security_barrier) AS
SELECT
    s.submission_id,
    s.district_code,
    d.name_vi AS district_name,
    d.name_en AS district_name_en,
    s.period_code,
    s.form_code,
    s.form_fit,
    s.status,
    n.status_name,
    n.status_name_en,
    s.status_reason,
    s.duplicate_of,
    s.file_name,
    s.sha256,
    s.channel,
    s.received_at,
    s.document_no,
    s.signed_on,
    s.is_simulated,
    f.accepted_at,
    g.critical_count,
    g.warning_count,
    g.info_count,
    s.is_partial,
    s.replaces,
    s.declared_district_code,
    s.declared_period_code,
    s.document_district_code,
    s.document_period_code,
    s.window_starts_on,
    s.window_ends_on
FROM raw.submission AS s
INNER JOIN mart.submission_status AS n ON s.status = n.status
LEFT JOIN warehouse.dim_period AS p ON s.period_code = p.period_code
LEFT JOIN LATERAL (
    SELECT
        u.name_vi,
        u.name_en
    FROM warehouse.dim_district AS u
    WHERE u.district_code = s.district_code
    ORDER BY p.period_end BETWEEN u.valid_from AND u.valid_to DESC, u.valid_from DESC
    LIMIT 1
) AS d ON true
LEFT JOIN warehouse.fact_submission AS f ON s.submission_id = f.submission_id
CROSS JOIN
    LATERAL (
        SELECT
            count(*) FILTER (WHERE k.severity = 'critical') AS critical_count,
            count(*) FILTER (WHERE k.severity = 'warning') AS warning_count,
            count(*) FILTER (WHERE k.severity = 'info') AS info_count
        FROM staging.finding AS k
        WHERE k.submission_id = s.submission_id
    ) AS g
WHERE
    (SELECT r.sees_all FROM warehouse.reader AS r)
    OR s.district_code IN (SELECT w.district_code FROM warehouse.own_district AS w)
    OR s.period_code IN (SELECT w.period_code FROM warehouse.released_period AS w);
