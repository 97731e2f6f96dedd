-- What the rules found in the files of a period, and in those that fit no period.

SELECT
    f.submission_id,
    f.rule_code,
    f.severity,
    f.indicator_code,
    coalesce(i.indicator_name, '') AS indicator_name,
    coalesce(i.indicator_name_en, '') AS indicator_name_en,
    f.location,
    f.found,
    f.expected,
    f.message_vi,
    f.message_en
FROM mart.finding AS f
LEFT JOIN mart.indicator AS i ON f.indicator_code = i.indicator_code
WHERE f.period_code = %(period_code)s OR f.period_code IS NULL
ORDER BY f.submission_id, f.finding_number;
