-- Records how the current scores of a period and method were drawn.

INSERT INTO warehouse.robustness_run (period_key, method_key, scored_at, draws, seed, weight_spread, separation)
SELECT
    period_key,
    method_key,
    computed_at,
    %(draws)s,
    %(seed)s,
    %(weight_spread)s,
    %(separation)s
FROM warehouse.score_state
WHERE period_key = %(period_key)s AND method_key = %(method_key)s;
