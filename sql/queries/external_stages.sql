-- The stages of the methods in force for a period.

SELECT
    stage.stage_code,
    method.method_key
FROM warehouse.scoring_method AS method
INNER JOIN warehouse.dim_period AS period ON period.period_end BETWEEN method.valid_from AND method.valid_to
INNER JOIN warehouse.scoring_stage AS stage ON method.method_key = stage.method_key
WHERE period.period_code = %(period_code)s;
