-- What was known of a district and period at a moment.

SELECT
    o.indicator_code,
    o.value,
    o.value_status,
    o.known_from,
    o.submission_id,
    o.is_simulated
FROM mart.observation_as_of(%(known_at)s) AS o
WHERE
    o.district_code = %(district_code)s
    AND o.period_code = %(period_code)s
    AND (%(indicator_code)s::text IS NULL OR o.indicator_code = %(indicator_code)s::text)
ORDER BY o.indicator_code;
