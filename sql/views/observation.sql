-- The current values, of accepted submissions only.

CREATE VIEW mart.observation AS
SELECT
    h.district_code,
    h.district_name,
    h.district_name_en,
    h.period_code,
    h.period_start,
    h.period_end,
    h.reform_area_code,
    h.reform_area_name,
    h.reform_area_name_en,
    h.indicator_code,
    h.indicator_name,
    h.indicator_name_en,
    h.unit,
    h.unit_en,
    h.nature,
    h.value,
    h.value_status,
    h.note,
    h.is_simulated,
    h.submission_id,
    h.known_from
FROM mart.observation_history AS h
WHERE h.is_current;
