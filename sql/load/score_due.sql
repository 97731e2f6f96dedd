-- What is to be computed: each stage of each method in force, for the periods that are due, and for those that were
-- scored by another version of it. A method no longer in force for a period has no stage: its rows only go.
-- What is taken here is what this transaction sees; what comes later stays for the next refresh.

WITH taken AS (
    DELETE FROM warehouse.score_due
    RETURNING period_code
),

due AS (
    SELECT DISTINCT t.period_code FROM taken AS t
),

wanted AS (
    SELECT
        p.period_code,
        p.period_key,
        m.method_key,
        m.content_sha256
    FROM warehouse.dim_period AS p
    INNER JOIN warehouse.scoring_method AS m ON p.period_end BETWEEN m.valid_from AND m.valid_to
)

SELECT
    w.period_code,
    w.period_key,
    w.method_key,
    g.stage_number
FROM wanted AS w
INNER JOIN warehouse.scoring_stage AS g ON w.method_key = g.method_key
LEFT JOIN warehouse.score_state AS s ON w.period_key = s.period_key AND w.method_key = s.method_key
WHERE
    w.content_sha256 IS DISTINCT FROM s.content_sha256
    OR w.period_code IN (SELECT d.period_code FROM due AS d)
    OR EXISTS (
        SELECT FROM due AS d
        WHERE d.period_code = '*'
    )
UNION ALL
SELECT
    p.period_code,
    s.period_key,
    s.method_key,
    NULL AS stage_number
FROM warehouse.score_state AS s
INNER JOIN warehouse.dim_period AS p ON s.period_key = p.period_key
WHERE
    NOT EXISTS (
        SELECT FROM wanted AS w
        WHERE w.period_key = s.period_key AND w.method_key = s.method_key
    )
ORDER BY method_key, stage_number, period_code;
