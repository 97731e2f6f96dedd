-- What was drawn, and of which scores: those of this moment.

INSERT INTO warehouse.robustness_run (period_key, method_key, scored_at, draws, seed, weight_spread, separation)
SELECT
    t.period_key,
    t.method_key,
    t.computed_at,
    %(draws)s,
    %(seed)s,
    %(weight_spread)s,
    %(separation)s
FROM warehouse.score_state AS t
WHERE t.period_key = %(period_key)s AND t.method_key = %(method_key)s;
