-- The districts and periods of some submissions, as they are filed now and as they were accepted once. known_at is
-- later than anything known there before, and than the lock of the period was got (see load/candidate.sql).

INSERT INTO pg_temp.settled (period_key, district_key, known_at)
SELECT
    u.period_key,
    u.district_key,
    greatest(
        statement_timestamp(),
        (
            SELECT max(greatest(o.known_from, nullif(o.known_to, 'infinity'))) + interval '1 microsecond'
            FROM warehouse.fact_observation AS o
            WHERE o.period_key = u.period_key AND o.district_key = u.district_key
        ),
        (
            SELECT max(a.accepted_at) + interval '1 microsecond'
            FROM warehouse.fact_submission AS a
            WHERE a.period_key = u.period_key AND a.district_key = u.district_key
        )
    ) AS known_at
FROM (
    SELECT
        a.period_key,
        a.district_key
    FROM warehouse.acceptable_submission AS a
    WHERE a.submission_id = any(%(submission_ids)s)
    UNION
    SELECT
        f.period_key,
        f.district_key
    FROM warehouse.fact_submission AS f
    WHERE f.submission_id = any(%(submission_ids)s)
) AS u;
