-- The external scores that the methods in force for a period read; every criterion may be appraised (criterion.<code>).

SELECT
    input.input_code,
    method.method_key
FROM warehouse.scoring_method AS method
INNER JOIN warehouse.dim_period AS period ON period.period_end BETWEEN method.valid_from AND method.valid_to
CROSS JOIN LATERAL unnest(warehouse.method_inputs(method.definition)) AS input (input_code)
WHERE
    period.period_code = %(period_code)s
    AND input.input_code NOT LIKE 'district.%%'
    AND input.input_code NOT IN (SELECT indicator.indicator_code FROM warehouse.dim_indicator AS indicator);
