-- Each district that is expected to report, by name, with what came of it.

SELECT
    r.district_code,
    r.district_name,
    r.district_name_en,
    r.status,
    r.status_name,
    r.status_name_en,
    r.received_at,
    r.is_timely,
    r.days_late,
    r.submission_id,
    r.is_simulated
FROM mart.reporting_status AS r
INNER JOIN mart.period AS p ON r.period_code = p.period_code
INNER JOIN mart.district AS d
    ON
        r.district_code = d.district_code
        AND p.period_end BETWEEN coalesce(d.valid_from, '-infinity') AND coalesce(d.valid_to, 'infinity')
WHERE r.period_code = %(period_code)s
ORDER BY d.sort_name, r.district_code;
