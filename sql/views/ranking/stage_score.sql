-- Each stage of a score (self, appraised, survey, final) is kept: what it was worth, and how it ranked then.

CREATE VIEW mart.stage_score WITH (security_barrier) AS
SELECT
    s.period_code,
    s.method_code,
    g.stage_code,
    s.stage_number,
    s.district_code,
    s.district_name,
    s.score,
    s.rank,
    s.is_tied,
    s.coverage,
    s.reason,
    s.is_final
FROM warehouse.score_district AS s
INNER JOIN warehouse.scoring_stage AS g ON s.method_key = g.method_key AND s.stage_number = g.stage_number
WHERE
    (SELECT reader.sees_all FROM warehouse.reader AS reader)
    OR s.district_code IN (SELECT own.district_code FROM warehouse.own_district AS own)
    OR s.period_code IN (SELECT released.period_code FROM warehouse.released_period AS released);
