-- Every status that a submission ever had: since when, why and by whom.

CREATE VIEW mart.submission_event WITH (security_barrier) AS
SELECT
    e.submission_id,
    e.submission_event_id AS event_number,
    s.district_code,
    s.period_code,
    e.status,
    n.status_name,
    n.status_name_en,
    e.reason,
    e.actor,
    e.happened_at
FROM raw.submission_event AS e
INNER JOIN raw.submission AS s ON e.submission_id = s.submission_id
INNER JOIN mart.submission_status AS n ON e.status = n.status
WHERE
    (SELECT r.sees_all FROM warehouse.reader AS r)
    OR s.district_code IN (SELECT w.district_code FROM warehouse.own_district AS w)
    OR s.period_code IN (SELECT w.period_code FROM warehouse.released_period AS w);
