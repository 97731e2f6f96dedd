-- Corrections by the province, laid over what the versions in force say: the last one for a value, where the report
-- says what it expects.

UPDATE pg_temp.said AS s SET value = c.value, value_status = c.value_status, correction_id = c.correction_id
FROM (
    SELECT DISTINCT ON (k.period_code, k.district_code, k.indicator_code)
        p.period_key,
        d.district_key,
        i.indicator_key,
        k.correction_id,
        k.expected_value,
        k.expected_status,
        k.value,
        k.value_status
    FROM pg_temp.settled AS u
    INNER JOIN warehouse.dim_period AS p ON u.period_key = p.period_key
    INNER JOIN warehouse.dim_district AS d ON u.district_key = d.district_key
    INNER JOIN warehouse.correction AS k ON p.period_code = k.period_code AND d.district_code = k.district_code
    INNER JOIN warehouse.dim_indicator AS i ON k.indicator_code = i.indicator_code
    ORDER BY k.period_code ASC, k.district_code ASC, k.indicator_code ASC, k.correction_id DESC
) AS c
WHERE
    s.period_key = c.period_key
    AND s.district_key = c.district_key
    AND s.indicator_key = c.indicator_key
    AND (s.value, s.value_status) IS NOT DISTINCT FROM (c.expected_value, c.expected_status);
