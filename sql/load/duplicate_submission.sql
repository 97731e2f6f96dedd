-- Which version one that says the same repeats; its status and the reason: replaced_submission.sql.

UPDATE raw.submission AS s SET duplicate_of = c.current_id
FROM pg_temp.candidate AS c
WHERE s.submission_id = c.submission_id AND c.verdict = 'same';
