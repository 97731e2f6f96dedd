-- The scores of before, of one stage of a method for some periods; of all stages where none is named.

WITH ranking AS (
    DELETE FROM warehouse.score_district
    WHERE
        period_code = any(%(period_codes)s) AND method_key = %(method_key)s
        AND (%(stage_number)s::integer IS NULL OR stage_number = %(stage_number)s)
),

detail AS (
    DELETE FROM warehouse.score_detail
    WHERE
        period_code = any(%(period_codes)s) AND method_key = %(method_key)s
        AND (%(stage_number)s::integer IS NULL OR stage_number = %(stage_number)s)
)

DELETE FROM warehouse.score_state
WHERE period_key = any(%(period_keys)s) AND method_key = %(method_key)s;
