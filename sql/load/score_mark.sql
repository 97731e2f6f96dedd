-- The periods of these submissions are to be scored again: settling changes facts where no status moves any more.

INSERT INTO warehouse.score_due (period_code)
SELECT DISTINCT s.period_code
FROM raw.submission AS s
WHERE s.submission_id = any(%(submission_ids)s) AND s.period_code IS NOT NULL;
