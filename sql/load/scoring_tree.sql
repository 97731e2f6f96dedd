-- Writes the tree of a method as rows, derived from its definition.

INSERT INTO warehouse.scoring_node
SELECT node.* -- noqa: AM04
FROM warehouse.scoring_method AS method
CROSS JOIN LATERAL warehouse.method_node(method.definition, method.method_key) AS node
WHERE method.method_code = %(method_code)s;
