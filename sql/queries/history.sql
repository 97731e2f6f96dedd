-- Every value that was known of a district and period, with the time over which it was held to be true.

SELECT
    h.indicator_code,
    h.value,
    h.value_status,
    h.known_from,
    h.known_to,
    h.submission_id,
    h.is_simulated
FROM mart.observation_history AS h
WHERE
    h.district_code = %(district_code)s
    AND h.period_code = %(period_code)s
    AND (%(indicator_code)s::text IS NULL OR h.indicator_code = %(indicator_code)s::text)
ORDER BY h.indicator_code, h.known_from;
