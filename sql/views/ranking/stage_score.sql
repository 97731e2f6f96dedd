-- Each stage of a score (self, appraised, survey, final) is kept: what it was worth, and how it ranked then.

CREATE VIEW mart.stage_score AS
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
INNER JOIN warehouse.scoring_stage AS g ON s.method_key = g.method_key AND s.stage_number = g.stage_number;
