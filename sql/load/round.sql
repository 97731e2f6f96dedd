-- The accepted ones of some submissions in rounds, oldest first, so that a round holds at most one for each district
-- and period. Newer is: signed later, then received later; one without a date is taken as signed when it came.

WITH ordered AS (
    SELECT
        s.submission_id,
        row_number() OVER (
            PARTITION BY s.period_code, s.district_code
            ORDER BY coalesce(s.signed_on, s.received_at::date), s.received_at, s.submission_id
        ) AS round_number
    FROM raw.submission AS s
    WHERE s.submission_id = any(%(submission_ids)s) AND s.status IN ('accepted', 'accepted_with_warnings')
)

SELECT array_agg(submission_id ORDER BY submission_id) AS submission_ids
FROM ordered
GROUP BY round_number
ORDER BY round_number;
