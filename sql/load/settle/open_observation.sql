-- What is said now and not known yet. A value that comes back is a new fact: nothing is ever opened again.

SELECT
    warehouse.open_settled_facts(coalesce(array_agg(row(
        n.district_key,
        n.period_key,
        n.indicator_key,
        n.known_at,
        'infinity',
        n.submission_id,
        n.value,
        n.value_status,
        n.note,
        n.raw_value,
        n.location,
        n.correction_id
    )::warehouse.fact_observation), '{}')) AS opened
FROM pg_temp.said AS n
WHERE
    NOT EXISTS (
        SELECT FROM warehouse.fact_observation AS known
        WHERE
            known.period_key = n.period_key
            AND known.district_key = n.district_key
            AND known.indicator_key = n.indicator_key
            AND known.known_to = 'infinity'
    );
