-- Rules that a person has set aside, for whom and until when, and how often that was of use.

CREATE VIEW mart.waiver AS
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
GROUP BY w.waiver_id;
