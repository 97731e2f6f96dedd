-- Accepted submissions that are not loaded yet, one batch per period.

SELECT array_agg(submission.submission_id ORDER BY submission.submission_id) AS submission_ids
FROM raw.submission
WHERE
    submission.is_accepted
    AND (%(limit_to)s::bigint[] IS NULL OR submission.submission_id = any(%(limit_to)s::bigint[]))
    AND NOT EXISTS (
        SELECT FROM warehouse.fact_submission AS loaded
        WHERE loaded.submission_id = submission.submission_id
    )
GROUP BY submission.period_code
ORDER BY submission.period_code;
