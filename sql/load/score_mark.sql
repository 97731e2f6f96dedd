-- Queues the periods of these submissions: settling changes facts where no status changes any more.

INSERT INTO warehouse.score_due (period_code)
SELECT DISTINCT submission.period_code
FROM raw.submission
WHERE submission.submission_id = any(%(submission_ids)s) AND submission.period_code IS NOT NULL;
