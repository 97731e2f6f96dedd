-- How sure each rank is: the ranking of this moment with the ranks under the draws over its assumptions. What was drawn
-- of other scores than those shown is not shown. A district sees whom it cannot be told apart from once the period is
-- released.

CREATE VIEW mart.ranking_robustness WITH (security_barrier) AS
SELECT
    s.period_code,
    s.method_code,
    s.district_code,
    s.district_name,
    s.score,
    s.rank,
    b.rank_q05,
    b.rank_q50,
    b.rank_q95,
    trim_scale(round(coalesce(
        b.rank_draws[array_position(b.rank_values, s.rank::integer)], CASE WHEN b.rank_draws IS NOT NULL THEN 0 END
    )::numeric / r.draws, 6)) AS rank_probability,
    cardinality(b.tied_with) AS tied_count,
    CASE
        WHEN
            (SELECT a.sees_all FROM warehouse.reader AS a)
            OR s.period_code IN (SELECT w.period_code FROM warehouse.released_period AS w)
            THEN array_to_string(b.tied_with, ', ')
    END AS tied_with,
    r.draws,
    r.seed,
    s.reason,
    s.district_name_en,
    s.is_simulated,
    s.sort_name
FROM warehouse.score_district AS s
INNER JOIN warehouse.score_state AS t ON s.period_key = t.period_key AND s.method_key = t.method_key
LEFT JOIN warehouse.robustness_run AS r
    ON s.period_key = r.period_key AND s.method_key = r.method_key AND t.computed_at = r.scored_at
LEFT JOIN warehouse.robustness_rank AS b
    ON r.period_key = b.period_key AND r.method_key = b.method_key AND s.district_code = b.district_code
WHERE
    s.is_final
    AND (
        (SELECT a.sees_all FROM warehouse.reader AS a)
        OR s.district_code IN (SELECT w.district_code FROM warehouse.own_district AS w)
        OR s.period_code IN (SELECT w.period_code FROM warehouse.released_period AS w)
    );
