-- How each district's score and rank moved, the best of this period first.

SELECT
    t.district_code,
    t.district_name,
    t.comparison,
    t.compared_period_code,
    t.score,
    t.compared_score,
    t.score_change,
    t.rank,
    t.compared_rank,
    t.rank_change,
    t.reason,
    t.reason_en,
    t.is_simulated
FROM mart.ranking_trend AS t
WHERE t.period_code = %(period_code)s AND t.method_code = %(method_code)s
ORDER BY t.rank ASC NULLS LAST, t.district_code ASC, t.comparison ASC;
