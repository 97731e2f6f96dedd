-- What the versions in force say together: of each indicator the newest that speaks of it. A blank of a partial one
-- says nothing.

INSERT INTO pg_temp.said (
    period_key, district_key, indicator_key, known_at, submission_id, is_simulated, value, value_status, note,
    raw_value, location
)
SELECT DISTINCT ON (v.period_key, v.district_key, i.indicator_key)
    v.period_key,
    v.district_key,
    i.indicator_key,
    v.known_at,
    v.submission_id,
    v.is_simulated,
    o.value,
    o.value_status,
    o.note,
    o.raw_value,
    o.location
FROM pg_temp.version AS v
INNER JOIN staging.observation AS o ON v.submission_id = o.submission_id
INNER JOIN warehouse.form_row AS r
    ON v.form_key = r.form_key AND o.indicator_code = r.indicator_code AND r.is_asked
INNER JOIN warehouse.dim_indicator AS i ON o.indicator_code = i.indicator_code
WHERE v.is_in_force AND o.value_status <> 'heading' AND NOT (v.is_partial AND o.value_status = 'blank')
ORDER BY v.period_key ASC, v.district_key ASC, i.indicator_key ASC, v.place DESC;
