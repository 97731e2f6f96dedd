-- The inputs of each criterion, one row each.

CREATE VIEW warehouse.scoring_operand AS
SELECT
    node.method_key,
    node.node_number,
    part.part,
    operand.operand_number::integer AS operand_number,
    operand.input_code
FROM warehouse.scoring_node AS node
CROSS JOIN
    LATERAL (
        VALUES ('numerator', node.numerator), ('denominator', node.denominator)
    ) AS part (part, input_codes)
CROSS JOIN LATERAL unnest(part.input_codes) WITH ORDINALITY AS operand (input_code, operand_number)
WHERE node.rule IS NOT NULL;
