-- How often each rule was checked and failed in each submission, passes too: trends are drawn from it.

CREATE VIEW mart.rule_result WITH (security_barrier) AS
SELECT
    c.submission_id,
    s.district_code,
    s.period_code,
    c.rule_code,
    c.checked,
    c.failed,
    c.checked - c.failed AS passed,
    s.status,
    s.is_simulated
FROM staging.check_count AS c
INNER JOIN raw.submission AS s ON c.submission_id = s.submission_id
WHERE
    (SELECT r.sees_all FROM warehouse.reader AS r)
    OR s.district_code IN (SELECT w.district_code FROM warehouse.own_district AS w)
    OR s.period_code IN (SELECT w.period_code FROM warehouse.released_period AS w);
