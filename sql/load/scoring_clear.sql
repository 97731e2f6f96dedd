-- Deletes the tree of a method.

DELETE FROM warehouse.scoring_node
USING warehouse.scoring_method AS method
WHERE scoring_node.method_key = method.method_key AND method.method_code = %(method_code)s;
