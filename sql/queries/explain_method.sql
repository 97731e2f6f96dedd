-- Whether a district's points depend on the values of others: comparing rules, or a missing value that counts as the
-- lowest of all.

SELECT
    EXISTS (
        SELECT FROM mart.method_node AS n
        WHERE
            n.method_code = %(method_code)s AND n.rule IN ('min_max', 'percentile_rank', 'distance_to_best')
    )
    OR EXISTS (
        SELECT FROM mart.method AS m
        WHERE m.method_code = %(method_code)s AND m.definition::text LIKE '%%"lowest"%%'
    ) AS compares_districts;
