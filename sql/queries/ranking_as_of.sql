-- The ranking of a period by one method as it was known at a moment, unranked districts last, in the order of their
-- names.

SELECT
    r.rank,
    r.district_code,
    r.district_name,
    r.score,
    r.band,
    r.is_tied,
    r.coverage,
    r.reason,
    r.is_simulated
FROM mart.district_ranking_as_of(%(period_code)s, %(known_at)s) AS r
WHERE r.method_code = %(method_code)s
ORDER BY r.rank ASC NULLS LAST, r.sort_name ASC, r.district_code ASC;
