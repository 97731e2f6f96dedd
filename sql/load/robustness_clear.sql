-- Deletes the draws of a period and method.

DELETE FROM warehouse.robustness_run
WHERE period_key = %(period_key)s AND method_key = %(method_key)s;
