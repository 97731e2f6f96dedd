-- The ranking by every method in force: ranks on scores that nobody rounded unless the method says so, equal scores
-- share a rank (1, 2, 2, 4). Each expected district is listed; one without a rank, with the reason.
-- A district sees its own place, and everybody's once the period is released.

CREATE VIEW mart.district_ranking WITH (security_barrier) AS
SELECT
    ranking.period_code,
    ranking.method_code,
    ranking.district_code,
    ranking.district_name,
    ranking.score,
    ranking.rank,
    ranking.band,
    ranking.is_tied,
    ranking.coverage,
    ranking.reason,
    ranking.band_en,
    ranking.district_name_en,
    ranking.report_status,
    ranking.is_simulated,
    ranking.sort_name
FROM warehouse.score_district AS ranking
WHERE
    ranking.is_final
    AND (
        (SELECT reader.sees_all FROM warehouse.reader AS reader)
        OR ranking.district_code IN (SELECT own.district_code FROM warehouse.own_district AS own)
        OR ranking.period_code IN (SELECT released.period_code FROM warehouse.released_period AS released)
    );
