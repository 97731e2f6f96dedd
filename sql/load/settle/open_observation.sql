-- What is said now and not known yet. A value that comes back is a new fact: nothing is ever opened again.

INSERT INTO warehouse.fact_observation (
    district_key, period_key, indicator_key, known_from, submission_id, value, value_status, note, raw_value, location,
    correction_id
)
SELECT
    n.district_key,
    n.period_key,
    n.indicator_key,
    n.known_at,
    n.submission_id,
    n.value,
    n.value_status,
    n.note,
    n.raw_value,
    n.location,
    n.correction_id
FROM pg_temp.said AS n
WHERE
    NOT EXISTS (
        SELECT FROM warehouse.fact_observation AS known
        WHERE
            known.period_key = n.period_key
            AND known.district_key = n.district_key
            AND known.indicator_key = n.indicator_key
            AND known.known_to = 'infinity'
    )
ORDER BY n.period_key, n.district_key, n.indicator_key;
