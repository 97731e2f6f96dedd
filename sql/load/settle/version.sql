-- The versions of each district and period in their order. In force are the newest whole one and the partial ones
-- after it.

INSERT INTO pg_temp.version (
    submission_id, period_key, district_key, form_key, is_simulated, is_partial, status, place, is_in_force,
    successor_id, known_at
)
WITH ordered AS (
    SELECT
        a.*,
        u.known_at,
        row_number() OVER (
            PARTITION BY a.period_key, a.district_key
            ORDER BY a.written_on, a.came_at, a.is_partial, a.submission_id
        ) AS place
    FROM pg_temp.settled AS u
    INNER JOIN warehouse.acceptable_submission AS a
        ON u.period_key = a.period_key AND u.district_key = a.district_key
),

based AS (
    SELECT
        o.*,
        coalesce(max(o.place) FILTER (WHERE NOT o.is_partial) OVER unit, 0) AS base_place
    FROM ordered AS o
    WINDOW unit AS (PARTITION BY o.period_key, o.district_key)
)

SELECT
    b.submission_id,
    b.period_key,
    b.district_key,
    b.form_key,
    b.is_simulated,
    b.is_partial,
    b.status,
    b.place,
    b.place >= b.base_place AS is_in_force,
    (
        SELECT n.submission_id
        FROM based AS n
        WHERE n.period_key = b.period_key AND n.district_key = b.district_key AND n.place = n.base_place
    ) AS successor_id,
    b.known_at
FROM based AS b;
