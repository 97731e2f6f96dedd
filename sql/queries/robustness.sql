-- How certain the ranks of a period are: rank intervals and the districts tied with each.

SELECT
    r.rank,
    r.district_code,
    r.district_name,
    r.rank_q05,
    r.rank_q50,
    r.rank_q95,
    r.rank_probability,
    r.tied_count,
    r.tied_with,
    r.reason,
    r.is_simulated
FROM mart.ranking_robustness AS r
WHERE r.period_code = %(period_code)s AND r.method_code = %(method_code)s
ORDER BY r.rank ASC NULLS LAST, r.sort_name ASC, r.district_code ASC;
