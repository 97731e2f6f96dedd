-- How likely each rank of each district is: the share of the draws over the assumptions in which it had that rank.

CREATE VIEW mart.rank_probability WITH (security_barrier) AS
SELECT
    ranking.period_code,
    ranking.method_code,
    ranking.district_code,
    ranking.district_name,
    probability.rank,
    trim_scale(round(probability.draws::numeric / run.draws, 6)) AS probability,
    ranking.is_simulated
FROM warehouse.score_district AS ranking
INNER JOIN
    warehouse.score_state AS state
    ON ranking.period_key = state.period_key AND ranking.method_key = state.method_key
INNER JOIN warehouse.robustness_run AS run
    ON ranking.period_key = run.period_key AND ranking.method_key = run.method_key AND state.computed_at = run.scored_at
INNER JOIN warehouse.robustness_rank AS drawn
    ON
        run.period_key = drawn.period_key
        AND run.method_key = drawn.method_key
        AND ranking.district_code = drawn.district_code
CROSS JOIN LATERAL unnest(drawn.rank_values, drawn.rank_draws) AS probability (rank, draws)
WHERE
    ranking.is_final
    AND (
        (SELECT reader.sees_all FROM warehouse.reader AS reader)
        OR ranking.district_code IN (SELECT own.district_code FROM warehouse.own_district AS own)
        OR ranking.period_code IN (SELECT released.period_code FROM warehouse.released_period AS released)
    );
