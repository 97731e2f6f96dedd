-- The rankings whose robustness is to be drawn: nothing was drawn of their scores yet. One without ranks needs no draws.

SELECT
    state.period_key,
    state.method_key
FROM warehouse.score_state AS state
LEFT JOIN warehouse.robustness_run AS run
    ON state.period_key = run.period_key AND state.method_key = run.method_key AND state.computed_at = run.scored_at
WHERE
    run.period_key IS NULL
    AND EXISTS (
        SELECT FROM warehouse.score_district AS score
        INNER JOIN warehouse.dim_period AS period ON score.period_code = period.period_code
        WHERE
            period.period_key = state.period_key
            AND score.method_key = state.method_key
            AND score.is_final
            AND score.rank IS NOT NULL
    )
ORDER BY state.period_key, state.method_key;
