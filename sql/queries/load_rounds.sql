-- The accepted submissions that are not loaded yet, in rounds from the oldest to the newest: a round holds at most one
-- for each district and period, so that every version becomes part of the history.

WITH waiting AS (
    SELECT
        submission.submission_id,
        row_number() OVER (
            PARTITION BY submission.period_code, submission.district_code
            ORDER BY
                submission.effective_signed_on,
                submission.effective_received_at,
                submission.is_partial,
                submission.submission_id
        ) AS round_number
    FROM raw.submission
    LEFT JOIN warehouse.fact_submission AS loaded ON submission.submission_id = loaded.submission_id
    WHERE
        submission.submission_id = any(%(submission_ids)s)
        AND submission.is_accepted
        AND loaded.submission_id IS NULL
)

SELECT array_agg(waiting.submission_id ORDER BY waiting.submission_id) AS submission_ids
FROM waiting
GROUP BY waiting.round_number
ORDER BY waiting.round_number;
