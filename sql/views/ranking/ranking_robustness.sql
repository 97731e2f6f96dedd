-- How sure each rank is: the ranking of this moment with the ranks under the draws over its assumptions. What was drawn
-- of other scores than those shown is not shown. A district sees whom it cannot be told apart from once the period is
-- released.

CREATE VIEW mart.ranking_robustness WITH (security_barrier) AS
SELECT
    ranking.period_code,
    ranking.method_code,
    ranking.district_code,
    ranking.district_name,
    ranking.score,
    ranking.rank,
    drawn.rank_q05,
    drawn.rank_q50,
    drawn.rank_q95,
    trim_scale(round(coalesce(
        drawn.rank_draws[array_position(drawn.rank_values, ranking.rank::integer)],
        CASE WHEN drawn.rank_draws IS NOT NULL THEN 0 END
    )::numeric / run.draws, 6)) AS rank_probability,
    cardinality(drawn.tied_with) AS tied_count,
    CASE
        WHEN
            (SELECT reader.sees_all FROM warehouse.reader AS reader)
            OR ranking.period_code IN (SELECT released.period_code FROM warehouse.released_period AS released)
            THEN array_to_string(drawn.tied_with, ', ')
    END AS tied_with,
    run.draws,
    run.seed,
    ranking.reason,
    ranking.district_name_en,
    ranking.is_simulated,
    ranking.sort_name
FROM warehouse.score_district AS ranking
INNER JOIN
    warehouse.score_state AS state
    ON ranking.period_key = state.period_key AND ranking.method_key = state.method_key
LEFT JOIN warehouse.robustness_run AS run
    ON ranking.period_key = run.period_key AND ranking.method_key = run.method_key AND state.computed_at = run.scored_at
LEFT JOIN warehouse.robustness_rank AS drawn
    ON
        run.period_key = drawn.period_key
        AND run.method_key = drawn.method_key
        AND ranking.district_code = drawn.district_code
WHERE
    ranking.is_final
    AND (
        (SELECT reader.sees_all FROM warehouse.reader AS reader)
        OR ranking.district_code IN (SELECT own.district_code FROM warehouse.own_district AS own)
        OR ranking.period_code IN (SELECT released.period_code FROM warehouse.released_period AS released)
    );
