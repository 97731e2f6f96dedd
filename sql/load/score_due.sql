-- Takes the queue of periods to score and returns what to compute: each stage of each method in force for the periods
-- that are due, and for those that were scored by another version of it. A method no longer in force for a period has no
-- stage here: its scores are only deleted.
-- Only what this transaction sees is taken; what is queued meanwhile stays for the next refresh.

WITH taken AS (
    DELETE FROM warehouse.score_due
    RETURNING period_code
),

wanted AS (
    SELECT
        period.period_code,
        period.period_key,
        method.method_key,
        method.content_sha256
    FROM warehouse.dim_period AS period
    INNER JOIN warehouse.scoring_method AS method ON period.period_end BETWEEN method.valid_from AND method.valid_to
)

SELECT
    wanted.period_code,
    wanted.period_key,
    wanted.method_key,
    stage.stage_number
FROM wanted
INNER JOIN warehouse.scoring_stage AS stage ON wanted.method_key = stage.method_key
LEFT JOIN warehouse.score_state AS state
    ON wanted.period_key = state.period_key AND wanted.method_key = state.method_key
WHERE
    wanted.content_sha256 IS DISTINCT FROM state.content_sha256
    OR wanted.period_code IN (SELECT taken.period_code FROM taken)
    OR '*' IN (SELECT taken.period_code FROM taken)
UNION ALL
SELECT
    period.period_code,
    state.period_key,
    state.method_key,
    NULL AS stage_number
FROM warehouse.score_state AS state
INNER JOIN warehouse.dim_period AS period ON state.period_key = period.period_key
WHERE
    NOT EXISTS (
        SELECT FROM wanted
        WHERE wanted.period_key = state.period_key AND wanted.method_key = state.method_key
    )
ORDER BY period_code, method_key, stage_number;
