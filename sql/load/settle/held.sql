-- One that came now and is neither older nor newer than a version there waits for a person.

SELECT
    count(*) FILTER (WHERE raw.set_status(
        new.submission_id,
        'held',
        'Không rõ bản này hay bản nộp số ' || old.submission_id || ' mới hơn: cùng ngày ký và cùng lúc nhận',
        %(actor)s
    ))
FROM pg_temp.settled AS u
INNER JOIN warehouse.acceptable_submission AS new
    ON u.period_key = new.period_key AND u.district_key = new.district_key
INNER JOIN warehouse.acceptable_submission AS old
    ON
        new.period_key = old.period_key
        AND new.district_key = old.district_key
        AND new.submission_id <> old.submission_id
        AND (new.written_on, new.came_at, new.is_partial) = (old.written_on, old.came_at, old.is_partial)
WHERE
    new.status <> 'superseded'
    AND NOT EXISTS (
        SELECT FROM warehouse.fact_submission AS f
        WHERE f.submission_id = new.submission_id
    )
    AND EXISTS (
        SELECT FROM warehouse.fact_submission AS f
        WHERE f.submission_id = old.submission_id
    );
