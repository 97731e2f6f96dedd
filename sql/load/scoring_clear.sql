-- What a method said before: its tree with all that hangs on it, its bands and stages.

WITH tree AS (
    DELETE FROM warehouse.scoring_node
    WHERE method_key = (
        SELECT m.method_key FROM warehouse.scoring_method AS m
        WHERE m.method_code = %(method_code)s
    )
),

band AS (
    DELETE FROM warehouse.scoring_band
    WHERE method_key = (
        SELECT m.method_key FROM warehouse.scoring_method AS m
        WHERE m.method_code = %(method_code)s
    )
)

DELETE FROM warehouse.scoring_stage
WHERE method_key = (
    SELECT m.method_key FROM warehouse.scoring_method AS m
    WHERE m.method_code = %(method_code)s
);
