-- Who reported a period; without one, each period for which anything came, and the files that fit none or came after
-- the one that stands for their district and were turned away.

SELECT
    r.period_code,
    r.district_code,
    r.district_name,
    r.status,
    r.received_at,
    r.due_at,
    r.is_timely,
    r.days_late,
    r.coverage,
    r.submission_id,
    r.file_name,
    r.status_name || coalesce(': ' || nullif(r.status_reason, ''), '') AS reason,
    r.is_simulated
FROM mart.reporting_status AS r
WHERE
    r.period_code = %(period_code)s::text
    OR (%(period_code)s::text IS NULL AND r.period_code IN (SELECT s.period_code FROM mart.submission AS s))
UNION ALL
SELECT
    coalesce(s.period_code, '') AS period_code,
    coalesce(s.district_code, '') AS district_code,
    coalesce(s.district_name, '') AS district_name,
    s.status,
    s.received_at,
    NULL AS due_at,
    NULL AS is_timely,
    NULL AS days_late,
    NULL AS coverage,
    s.submission_id,
    s.file_name,
    s.status_name || coalesce(': ' || nullif(s.status_reason, ''), '') AS reason,
    s.is_simulated
FROM mart.submission AS s
WHERE
    %(period_code)s::text IS NULL
    AND s.status NOT IN ('duplicate', 'withdrawn')
    AND NOT EXISTS (
        SELECT FROM mart.reporting_status AS r
        INNER JOIN mart.submission AS q ON r.submission_id = q.submission_id
        WHERE
            s.period_code = r.period_code
            AND s.district_code = r.district_code
            AND s.status <> 'misfiled'
            AND (
                s.submission_id = q.submission_id
                OR (s.received_at, s.submission_id) < (q.received_at, q.submission_id)
                OR s.status NOT IN ('held', 'rejected', 'unreadable')
            )
    )
ORDER BY period_code, district_code, submission_id;
