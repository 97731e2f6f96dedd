-- What is in force stands again with the status it was accepted with; what is not is superseded.

SELECT count(*) FILTER (WHERE raw.set_status(change.submission_id, change.status, change.reason, %(actor)s))
FROM (
    SELECT
        v.submission_id,
        coalesce(
            (
                SELECT e.status
                FROM raw.submission_event AS e
                WHERE e.submission_id = v.submission_id AND e.status IN ('accepted', 'accepted_with_warnings')
                ORDER BY e.submission_event_id DESC
                LIMIT 1
            ),
            'accepted'
        ) AS status,
        'Có hiệu lực trở lại: bản thay thế không còn được tính' AS reason
    FROM pg_temp.version AS v
    WHERE v.is_in_force AND v.status = 'superseded'
    UNION ALL
    SELECT
        v.submission_id,
        'superseded' AS status,
        CASE
            WHEN
                EXISTS (
                    SELECT FROM warehouse.fact_submission AS f
                    WHERE f.submission_id = v.submission_id
                )
                THEN 'Đã được thay bằng bản nộp số ' || v.successor_id
            ELSE 'Đã có bản mới hơn: bản nộp số ' || v.successor_id
        END AS reason
    FROM pg_temp.version AS v
    WHERE NOT v.is_in_force AND v.status <> 'superseded'
) AS change;
