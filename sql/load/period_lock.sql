-- One load at a time for a period: two loads of a district would else both find the same current version.

SELECT pg_advisory_xact_lock('warehouse.fact_observation'::regclass::integer, locked.period_key)
FROM (
    SELECT DISTINCT p.period_key
    FROM raw.submission AS s
    INNER JOIN warehouse.dim_period AS p ON s.period_code = p.period_code
    WHERE s.submission_id = any(%(submission_ids)s)
    ORDER BY p.period_key
) AS locked;
