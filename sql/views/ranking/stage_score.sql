-- Each stage of a score (self, appraised, survey, final) is kept: what it was worth, and how it ranked then.

CREATE VIEW mart.stage_score WITH (security_barrier) AS
SELECT
    ranking.period_code,
    ranking.method_code,
    stage.stage_code,
    ranking.stage_number,
    ranking.district_code,
    ranking.district_name,
    ranking.score,
    ranking.rank,
    ranking.is_tied,
    ranking.coverage,
    ranking.reason,
    ranking.is_final
FROM warehouse.score_district AS ranking
INNER JOIN
    warehouse.scoring_stage AS stage
    ON ranking.method_key = stage.method_key AND ranking.stage_number = stage.stage_number
WHERE
    (SELECT reader.sees_all FROM warehouse.reader AS reader)
    OR ranking.district_code IN (SELECT own.district_code FROM warehouse.own_district AS own)
    OR ranking.period_code IN (SELECT released.period_code FROM warehouse.released_period AS released);
