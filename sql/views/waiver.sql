-- Waivers of rules: for whom, until when, and how many submissions they excused. A district sees its own and those for
-- all districts.

CREATE VIEW mart.waiver WITH (security_barrier) AS
SELECT
    w.waiver_id,
    w.rule_code,
    w.district_code,
    w.indicator_code,
    w.reason,
    w.valid_until,
    w.valid_until >= (now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date AS is_in_force,
    w.granted_by,
    w.granted_at,
    count(u.submission_id) AS submissions_excused
FROM staging.waiver AS w
LEFT JOIN staging.waiver_use AS u ON w.waiver_id = u.waiver_id
WHERE
    (SELECT reader.sees_all FROM warehouse.reader AS reader)
    OR w.district_code = ''
    OR w.district_code IN (SELECT own.district_code FROM warehouse.own_district AS own)
GROUP BY w.waiver_id;
