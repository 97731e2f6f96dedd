-- The stages of the methods in force for a period.

SELECT
    s.stage_code,
    m.method_key
FROM warehouse.scoring_method AS m
INNER JOIN warehouse.dim_period AS p ON p.period_end BETWEEN m.valid_from AND m.valid_to
INNER JOIN warehouse.scoring_stage AS s ON m.method_key = s.method_key
WHERE p.period_code = %(period_code)s;
