-- The submission in force for each district and period: the complete one, which partial ones may have amended, or the
-- newest partial one if there is no complete one.

CREATE VIEW warehouse.current_submission AS
SELECT DISTINCT ON (loaded.period_key, loaded.district_key)
    loaded.submission_id,
    loaded.district_key,
    loaded.period_key,
    loaded.form_key,
    loaded.received_at,
    loaded.accepted_at,
    loaded.is_simulated,
    submission.status,
    submission.status_reason
FROM warehouse.fact_submission AS loaded
INNER JOIN raw.submission ON loaded.submission_id = submission.submission_id
WHERE submission.is_accepted
ORDER BY
    loaded.period_key ASC,
    loaded.district_key ASC,
    submission.is_partial ASC,
    loaded.accepted_at DESC;
