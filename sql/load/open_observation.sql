-- The new version's facts, where what is known does not already say the same. Only rows that the form asks for are
-- facts: no headings, no rows of the sender's own. OFFSET 0: see close_observation.sql.

WITH known AS MATERIALIZED (
    SELECT
        c.submission_id AS new_id,
        o.indicator_key
    FROM pg_temp.candidate AS c
    CROSS JOIN
        LATERAL (
            SELECT f.indicator_key
            FROM warehouse.fact_observation AS f
            WHERE f.period_key = c.period_key AND f.district_key = c.district_key AND f.known_to = 'infinity'
            OFFSET 0 -- noqa: AM09
        ) AS o
    WHERE c.verdict = 'load' AND NOT c.is_first
)

INSERT INTO warehouse.fact_observation (
    district_key, period_key, indicator_key, known_from, submission_id, value, value_status, note, raw_value, location
)
SELECT
    c.district_key,
    c.period_key,
    asked.indicator_key,
    c.known_at,
    c.submission_id,
    new.value,
    new.value_status,
    new.note,
    new.raw_value,
    new.location
FROM pg_temp.candidate AS c
CROSS JOIN
    LATERAL (
        SELECT
            t.indicator_code,
            t.value,
            t.value_status,
            t.note,
            t.raw_value,
            t.location
        FROM staging.observation AS t
        WHERE t.submission_id = c.submission_id AND t.value_status <> 'heading'
        OFFSET 0 -- noqa: AM09
    ) AS new
INNER JOIN pg_temp.asked_row AS asked ON c.form_key = asked.form_key AND new.indicator_code = asked.indicator_code
LEFT JOIN known ON c.submission_id = known.new_id AND asked.indicator_key = known.indicator_key
WHERE c.verdict = 'load' AND known.new_id IS NULL;
