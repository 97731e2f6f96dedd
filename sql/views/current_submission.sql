-- The accepted version of each district and period that is in force now: the whole one, which partial ones may have
-- changed since, or else the last partial one.

CREATE VIEW warehouse.current_submission AS
SELECT DISTINCT ON (f.period_key, f.district_key)
    f.submission_id,
    f.district_key,
    f.period_key,
    f.form_key,
    f.received_at,
    f.accepted_at,
    f.is_simulated,
    s.status,
    s.status_reason
FROM warehouse.fact_submission AS f
INNER JOIN raw.submission AS s ON f.submission_id = s.submission_id
WHERE s.status IN ('accepted', 'accepted_with_warnings')
ORDER BY f.period_key ASC, f.district_key ASC, s.is_partial ASC, f.accepted_at DESC;
