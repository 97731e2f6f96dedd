-- The scores whose robustness is not known: nothing was drawn of them yet. Those where nothing is ranked have none.

SELECT
    t.period_key,
    t.method_key
FROM warehouse.score_state AS t
LEFT JOIN warehouse.robustness_run AS r
    ON t.period_key = r.period_key AND t.method_key = r.method_key AND t.computed_at = r.scored_at
WHERE
    r.period_key IS NULL
    AND EXISTS (
        SELECT FROM warehouse.score_district AS s
        INNER JOIN warehouse.dim_period AS p ON s.period_code = p.period_code
        WHERE p.period_key = t.period_key AND s.method_key = t.method_key AND s.is_final AND s.rank IS NOT NULL
    )
ORDER BY t.period_key, t.method_key;
