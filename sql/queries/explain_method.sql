-- Whether a district's points depend on the values of others: rules that compare, or a missing value that counts as the
-- lowest of all.

SELECT
    jsonb_path_exists(
        method.definition, '$.**.rule ? (@ == "min_max" || @ == "percentile_rank" || @ == "distance_to_best")'
    )
    OR jsonb_path_exists(method.definition, '$.**.statuses.* ? (@ == "lowest")') AS compares_districts
FROM mart.method AS method
WHERE method.method_code = %(method_code)s;
