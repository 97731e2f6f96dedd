-- The ranking by every method in force: ranks on scores that nobody rounded unless the method says so, equal scores
-- share a rank (1, 2, 2, 4). Each expected district is listed; one without a rank, with the reason.
-- A district sees its own place, and everybody's once the period is released.

CREATE VIEW mart.district_ranking WITH (security_barrier) AS
SELECT
    s.period_code,
    s.method_code,
    s.district_code,
    s.district_name,
    s.score,
    s.rank,
    s.band,
    s.is_tied,
    s.coverage,
    s.reason,
    s.band_en,
    s.district_name_en,
    s.report_status,
    s.is_simulated,
    s.sort_name
FROM warehouse.score_district AS s
WHERE
    s.is_final
    AND (
        (SELECT r.sees_all FROM warehouse.reader AS r)
        OR s.district_code IN (SELECT w.district_code FROM warehouse.own_district AS w)
        OR s.period_code IN (SELECT w.period_code FROM warehouse.released_period AS w)
    );
