-- The files of a period, and those that fit no period; a later file of a district comes first.

SELECT
    s.submission_id,
    coalesce(s.district_code, '') AS district_code,
    coalesce(s.district_name, '') AS district_name,
    coalesce(s.district_name_en, '') AS district_name_en,
    s.period_code,
    s.status,
    s.status_name,
    s.status_name_en,
    s.status_reason,
    s.duplicate_of,
    s.file_name,
    s.received_at,
    s.is_simulated
FROM mart.submission AS s
WHERE s.period_code = %(period_code)s OR s.period_code IS NULL
ORDER BY s.received_at DESC, s.submission_id DESC;
