-- Those in force that were never in force before, at the moment of their acceptance.

INSERT INTO warehouse.fact_submission (
    submission_id, district_key, period_key, form_key, received_at, accepted_at, signed_on, is_simulated, warning_count
)
SELECT
    v.submission_id,
    v.district_key,
    v.period_key,
    v.form_key,
    s.received_at,
    v.known_at,
    s.signed_on,
    v.is_simulated,
    (
        SELECT count(*)
        FROM staging.finding AS g
        WHERE g.submission_id = v.submission_id AND g.severity = 'warning'
    ) AS warning_count
FROM pg_temp.version AS v
INNER JOIN raw.submission AS s ON v.submission_id = s.submission_id
WHERE v.is_in_force
ON CONFLICT (submission_id) DO NOTHING;
