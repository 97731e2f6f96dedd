-- Accepted submissions whose facts are not in the warehouse yet, among limit_to or all: a batch a period, oldest first.
SELECT array_agg(submission.submission_id ORDER BY submission.submission_id) AS submission_ids
FROM raw.submission AS submission
WHERE
    submission.status IN ('accepted', 'accepted_with_warnings')
    AND (%(limit_to)s::bigint[] IS NULL OR submission.submission_id = any(%(limit_to)s::bigint[]))
    AND NOT EXISTS (
        SELECT FROM warehouse.fact_submission AS fact
        WHERE fact.submission_id = submission.submission_id
    )
GROUP BY submission.period_code
ORDER BY submission.period_code
