-- The score of each ranked district in each reform area, by one method.

SELECT
    a.district_code,
    a.reform_area_code,
    a.reform_area_name,
    a.reform_area_name_en,
    a.score
FROM mart.area_score AS a
INNER JOIN mart.reform_area AS r ON a.reform_area_code = r.reform_area_code
WHERE a.period_code = %(period_code)s AND a.method_code = %(method_code)s
ORDER BY r.sort_order, a.district_code;
