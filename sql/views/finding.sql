-- What the rules found, in held and rejected submissions too.

CREATE VIEW mart.finding WITH (security_barrier) AS
SELECT
    f.submission_id,
    s.district_code,
    s.period_code,
    f.finding_number,
    f.rule_code,
    f.severity,
    f.indicator_code,
    f.location,
    f.found,
    f.expected,
    f.difference,
    f.message_vi,
    f.message_en,
    s.status,
    s.is_simulated
FROM staging.finding AS f
INNER JOIN raw.submission AS s ON f.submission_id = s.submission_id
WHERE
    (SELECT r.sees_all FROM warehouse.reader AS r)
    OR s.district_code IN (SELECT w.district_code FROM warehouse.own_district AS w)
    OR s.period_code IN (SELECT w.period_code FROM warehouse.released_period AS w);
