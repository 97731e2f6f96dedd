-- What the rules found in one file, in the order of the findings.

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
WHERE f.submission_id = %(submission_id)s
ORDER BY f.finding_number;
