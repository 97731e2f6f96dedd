-- The ranking by every method in force: ranks on scores that nobody rounded unless the method says so, equal scores
-- share a rank (1, 2, 2, 4). Each expected district is listed; one without a rank, with the reason.

CREATE VIEW mart.district_ranking AS
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
WHERE s.is_final;
