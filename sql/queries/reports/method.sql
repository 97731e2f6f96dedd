-- The method that a period is ranked by where none is named: the newest default one in force at its end.

SELECT
    m.method_code,
    m.method_name,
    m.method_name_en
FROM mart.method AS m
INNER JOIN mart.period AS p ON p.period_end BETWEEN m.valid_from AND coalesce(m.valid_to, 'infinity')
WHERE p.period_code = %(period_code)s AND m.is_default
ORDER BY m.valid_from DESC, m.method_code ASC
LIMIT 1;
