-- Deletes the scores of a period by a method, all stages.

WITH ranking AS (
    DELETE FROM warehouse.score_district
    WHERE period_code = %(period_code)s AND method_key = %(method_key)s
),

detail AS (
    DELETE FROM warehouse.score_detail
    WHERE period_code = %(period_code)s AND method_key = %(method_key)s
)

DELETE FROM warehouse.score_state
WHERE period_key = %(period_key)s AND method_key = %(method_key)s;
