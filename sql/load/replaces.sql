-- Which submission each newly accepted one took the place of: the whole one in force before it.

UPDATE raw.submission AS s SET replaces = pair.old_id
FROM (
    SELECT
        f.submission_id AS new_id,
        old.submission_id AS old_id
    FROM warehouse.fact_submission AS f
    CROSS JOIN
        LATERAL (
            SELECT e.submission_id
            FROM warehouse.fact_submission AS e
            INNER JOIN raw.submission AS r ON e.submission_id = r.submission_id
            WHERE
                e.period_key = f.period_key
                AND e.district_key = f.district_key
                AND (e.accepted_at, e.submission_id) < (f.accepted_at, f.submission_id)
                AND NOT r.is_partial
                AND r.status IN ('accepted', 'accepted_with_warnings', 'superseded')
            ORDER BY e.accepted_at DESC, e.submission_id DESC
            LIMIT 1
        ) AS old
    WHERE f.submission_id = any(%(submission_ids)s)
) AS pair
WHERE s.submission_id = pair.new_id AND s.replaces IS DISTINCT FROM pair.old_id;
