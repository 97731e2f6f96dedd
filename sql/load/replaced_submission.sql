-- The version that a load replaced, and late older reports, are superseded; one that says the same is a duplicate; a
-- tie waits for a person.

SELECT
    raw.set_statuses(
        array_agg(change.submission_id),
        array_agg(change.status),
        array_agg(change.reason),
        %(actor)s,
        array_agg(change.repeated_id)
    )
FROM (
    SELECT
        c.current_id AS submission_id,
        'superseded' AS status,
        'Đã được thay bằng bản nộp số ' || c.submission_id AS reason,
        NULL::bigint AS repeated_id
    FROM pg_temp.candidate AS c
    WHERE c.verdict = 'load' AND c.current_id IS NOT NULL
    UNION ALL
    SELECT
        c.submission_id,
        'superseded' AS status,
        'Đã có bản mới hơn: bản nộp số ' || c.current_id AS reason,
        NULL::bigint AS repeated_id
    FROM pg_temp.candidate AS c
    WHERE c.verdict = 'older'
    UNION ALL
    SELECT
        c.submission_id,
        'duplicate' AS status,
        'Số liệu giống hệt bản nộp số ' || c.current_id || ' đang có hiệu lực' AS reason,
        c.current_id AS repeated_id
    FROM pg_temp.candidate AS c
    WHERE c.verdict = 'same'
    UNION ALL
    SELECT
        c.submission_id,
        'held' AS status,
        'Không rõ bản này hay bản nộp số ' || c.current_id || ' mới hơn: cùng ngày ký và cùng lúc nhận' AS reason,
        NULL::bigint AS repeated_id
    FROM pg_temp.candidate AS c
    WHERE c.verdict = 'tie'
) AS change;
