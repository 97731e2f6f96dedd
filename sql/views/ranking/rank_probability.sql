-- How likely each rank of each district is: the share of the draws over the assumptions in which it had that rank.

CREATE VIEW mart.rank_probability WITH (security_barrier) AS
SELECT
    s.period_code,
    s.method_code,
    s.district_code,
    s.district_name,
    p.rank,
    trim_scale(round(p.draws::numeric / r.draws, 6)) AS probability,
    s.is_simulated
FROM warehouse.score_district AS s
INNER JOIN warehouse.score_state AS t ON s.period_key = t.period_key AND s.method_key = t.method_key
INNER JOIN warehouse.robustness_run AS r
    ON s.period_key = r.period_key AND s.method_key = r.method_key AND t.computed_at = r.scored_at
INNER JOIN warehouse.robustness_rank AS b
    ON r.period_key = b.period_key AND r.method_key = b.method_key AND s.district_code = b.district_code
CROSS JOIN LATERAL unnest(b.rank_values, b.rank_draws) AS p (rank, draws)
WHERE
    s.is_final
    AND (
        (SELECT a.sees_all FROM warehouse.reader AS a)
        OR s.district_code IN (SELECT w.district_code FROM warehouse.own_district AS w)
        OR s.period_code IN (SELECT w.period_code FROM warehouse.released_period AS w)
    );
