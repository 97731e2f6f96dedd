-- How many facts of the candidates' versions were known before.

SELECT count(*)
FROM pg_temp.candidate AS c
INNER JOIN warehouse.fact_observation AS o
    ON c.period_key = o.period_key AND c.district_key = o.district_key AND o.known_to = 'infinity'
WHERE c.verdict IN ('load', 'loaded') AND NOT c.is_first AND o.known_from < c.known_at;
