-- Records which complete submission was in force before each loaded one.

UPDATE raw.submission AS submission SET replaces = pair.earlier_id
FROM (
    SELECT
        loaded.submission_id,
        earlier.submission_id AS earlier_id
    FROM warehouse.fact_submission AS loaded
    CROSS JOIN
        LATERAL (
            SELECT other.submission_id
            FROM warehouse.fact_submission AS other
            INNER JOIN warehouse.submission_version AS version ON other.submission_id = version.submission_id
            WHERE
                other.period_key = loaded.period_key
                AND other.district_key = loaded.district_key
                AND (other.accepted_at, other.submission_id) < (loaded.accepted_at, loaded.submission_id)
                AND NOT version.is_partial
            ORDER BY other.accepted_at DESC, other.submission_id DESC
            LIMIT 1
        ) AS earlier
    WHERE loaded.submission_id = any(%(submission_ids)s)
) AS pair
WHERE submission.submission_id = pair.submission_id AND submission.replaces IS DISTINCT FROM pair.earlier_id;
