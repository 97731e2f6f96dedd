-- Bitemporal history: one row per version of a value. known_from and known_to are system time; known_to is NULL for the
-- current version. A district sees its own rows until the period is released.

CREATE VIEW mart.observation_history WITH (security_barrier) AS
SELECT
    d.district_code,
    d.name_vi AS district_name,
    d.name_en AS district_name_en,
    p.period_code,
    p.period_start,
    p.period_end,
    a.reform_area_code,
    a.name_vi AS reform_area_name,
    a.name_en AS reform_area_name_en,
    i.indicator_code,
    i.name_vi AS indicator_name,
    i.name_en AS indicator_name_en,
    i.unit_vi AS unit,
    i.unit_en,
    i.nature,
    o.value,
    o.value_status,
    o.note,
    s.is_simulated,
    o.submission_id,
    o.known_from,
    nullif(o.known_to, 'infinity') AS known_to,
    o.known_to = 'infinity' AS is_current,
    o.correction_id
FROM warehouse.fact_observation AS o
INNER JOIN warehouse.fact_submission AS s ON o.submission_id = s.submission_id
INNER JOIN warehouse.dim_district AS d ON o.district_key = d.district_key
INNER JOIN warehouse.dim_period AS p ON o.period_key = p.period_key
INNER JOIN warehouse.dim_indicator AS i ON o.indicator_key = i.indicator_key
INNER JOIN warehouse.dim_reform_area AS a ON i.reform_area_code = a.reform_area_code
WHERE
    (SELECT r.sees_all FROM warehouse.reader AS r)
    OR d.district_code IN (SELECT w.district_code FROM warehouse.own_district AS w)
    OR p.period_code IN (SELECT w.period_code FROM warehouse.released_period AS w);
