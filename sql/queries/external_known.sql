-- What external scores the methods in force for a period read, and their stages; every criterion may be appraised.

SELECT
    o.input_code,
    m.method_key
FROM warehouse.scoring_method AS m
INNER JOIN warehouse.dim_period AS p ON p.period_end BETWEEN m.valid_from AND m.valid_to
INNER JOIN warehouse.scoring_operand AS o ON m.method_key = o.method_key
WHERE
    p.period_code = %(period_code)s AND o.input_code NOT LIKE 'district.%%'
    AND NOT EXISTS (
        SELECT FROM warehouse.dim_indicator AS i
        WHERE i.indicator_code = o.input_code
    )
UNION
SELECT
    'criterion.' || n.node_code AS input_code,
    m.method_key
FROM warehouse.scoring_method AS m
INNER JOIN warehouse.dim_period AS p ON p.period_end BETWEEN m.valid_from AND m.valid_to
INNER JOIN warehouse.scoring_node AS n ON m.method_key = n.method_key AND n.rule IS NOT NULL
WHERE p.period_code = %(period_code)s;
