-- What the new versions say and is not known yet.

SELECT warehouse.open_facts(coalesce(array_agg(c.submission_id), '{}')) AS opened
FROM pg_temp.candidate AS c
WHERE c.verdict = 'load';
