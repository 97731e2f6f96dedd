-- What the province corrected: from what to what, who, when and why, and whether it holds now.

CREATE VIEW mart.correction WITH (security_barrier) AS
SELECT
    c.correction_id,
    c.district_code,
    c.period_code,
    c.indicator_code,
    c.from_value,
    c.from_status,
    c.expected_value,
    c.expected_status,
    c.value,
    c.value_status,
    c.reason,
    c.corrected_by,
    c.corrected_at,
    f.correction_id IS NOT NULL AS is_in_force
FROM warehouse.correction AS c
INNER JOIN warehouse.dim_period AS p ON c.period_code = p.period_code
INNER JOIN warehouse.dim_indicator AS i ON c.indicator_code = i.indicator_code
LEFT JOIN warehouse.fact_observation AS f
    ON
        p.period_key = f.period_key
        AND i.indicator_key = f.indicator_key
        AND c.correction_id = f.correction_id
        AND f.known_to = 'infinity'
WHERE
    (SELECT r.sees_all FROM warehouse.reader AS r)
    OR c.district_code IN (SELECT w.district_code FROM warehouse.own_district AS w)
    OR c.period_code IN (SELECT w.period_code FROM warehouse.released_period AS w);
