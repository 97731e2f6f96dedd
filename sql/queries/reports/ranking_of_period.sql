-- The ranking of a period by one method, unranked districts last.

SELECT
    r.rank,
    r.district_code,
    r.district_name,
    r.district_name_en,
    r.score,
    r.band,
    r.band_en,
    r.is_tied,
    r.coverage,
    r.reason,
    r.is_simulated
FROM mart.district_ranking AS r
WHERE r.period_code = %(period_code)s AND r.method_code = %(method_code)s
ORDER BY r.rank ASC NULLS LAST, r.sort_name ASC, r.district_code ASC;
