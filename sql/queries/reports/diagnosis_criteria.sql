-- How each criterion tells the ranked districts apart: its points, and its part in the spread of the scores. The parts
-- (covariance of contribution and score over the variance of the score) of all criteria sum to 1.

WITH RECURSIVE top AS (
    SELECT
        n.node_code,
        n.node_code AS top_code,
        n.node_name AS top_name,
        n.node_name_en AS top_name_en
    FROM mart.method_node AS n
    WHERE n.method_code = %(method_code)s AND n.depth = 1
    UNION ALL
    SELECT
        n.node_code,
        t.top_code,
        t.top_name,
        t.top_name_en
    FROM top AS t
    INNER JOIN mart.method_node AS n ON t.node_code = n.parent_code
    WHERE n.method_code = %(method_code)s
),

ranked AS (
    SELECT
        r.district_code,
        r.score
    FROM mart.district_ranking AS r
    WHERE r.period_code = %(period_code)s AND r.method_code = %(method_code)s AND r.rank IS NOT NULL
),

spread AS (
    SELECT nullif(var_pop(r.score), 0) AS variance
    FROM ranked AS r
)

SELECT
    i.criterion_code,
    i.criterion_name,
    i.criterion_name_en,
    i.kind,
    n.rule,
    i.weight,
    t.top_code,
    t.top_name,
    t.top_name_en,
    count(*) AS ranked_count,
    count(i.score) AS scored_count,
    count(*) FILTER (WHERE i.is_missing) AS missing_count,
    count(*) FILTER (WHERE i.score >= 100) AS full_count,
    count(*) FILTER (WHERE i.score <= 0 AND NOT i.is_missing) AS nil_count,
    count(DISTINCT i.score) AS distinct_count,
    avg(i.score) AS mean_points,
    stddev_pop(i.score) AS spread_points,
    avg(c.effective_weight) AS effective_weight,
    covar_pop(c.contribution, r.score) / max(s.variance) AS variance_share,
    corr(i.score, r.score) AS correlation
FROM ranked AS r
CROSS JOIN spread AS s
INNER JOIN mart.indicator_score AS i
    ON
        r.district_code = i.district_code AND i.period_code = %(period_code)s
        AND i.method_code = %(method_code)s
INNER JOIN mart.score_contribution AS c
    ON
        r.district_code = c.district_code AND i.criterion_code = c.criterion_code AND c.period_code = %(period_code)s
        AND c.method_code = %(method_code)s
INNER JOIN mart.method_node AS n ON i.criterion_code = n.node_code AND n.method_code = %(method_code)s
INNER JOIN top AS t ON i.criterion_code = t.node_code
GROUP BY
    i.criterion_code, i.criterion_name, i.criterion_name_en, i.kind, n.rule, i.weight, t.top_code, t.top_name,
    t.top_name_en, i.sort_order
ORDER BY i.sort_order;
