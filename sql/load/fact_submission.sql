-- Each submission at the moment of its acceptance, once.

INSERT INTO warehouse.fact_submission (
    submission_id, district_key, period_key, form_key, received_at, accepted_at, signed_on, is_simulated, warning_count
)
SELECT
    c.submission_id,
    c.district_key,
    c.period_key,
    c.form_key,
    s.received_at,
    c.known_at,
    s.signed_on,
    s.is_simulated,
    (
        SELECT count(*)
        FROM staging.finding AS g
        WHERE g.submission_id = c.submission_id AND g.severity = 'warning'
    ) AS warning_count
FROM pg_temp.candidate AS c
INNER JOIN raw.submission AS s ON c.submission_id = s.submission_id
WHERE c.verdict = 'load'
ON CONFLICT (submission_id) DO NOTHING;
