-- How the points of each two criteria of an area go together over the ranked districts that have both.

WITH RECURSIVE top AS (
    SELECT
        n.node_code,
        n.node_code AS top_code
    FROM mart.method_node AS n
    WHERE n.method_code = %(method_code)s AND n.depth = 1 AND n.kind NOT IN ('bonus', 'penalty')
    UNION ALL
    SELECT
        n.node_code,
        t.top_code
    FROM top AS t
    INNER JOIN mart.method_node AS n ON t.node_code = n.parent_code
    WHERE n.method_code = %(method_code)s
),

point AS (
    SELECT
        t.top_code,
        i.district_code,
        i.criterion_code,
        i.sort_order,
        i.score
    FROM mart.indicator_score AS i
    INNER JOIN top AS t ON i.criterion_code = t.node_code
    INNER JOIN mart.district_ranking AS r
        ON
            i.district_code = r.district_code AND r.period_code = %(period_code)s
            AND r.method_code = %(method_code)s AND r.rank IS NOT NULL
    WHERE i.period_code = %(period_code)s AND i.method_code = %(method_code)s AND i.score IS NOT NULL
)

SELECT
    a.top_code,
    a.criterion_code AS one_code,
    b.criterion_code AS other_code,
    count(*) AS district_count,
    corr(a.score, b.score) AS correlation
FROM point AS a
INNER JOIN point AS b
    ON a.top_code = b.top_code AND a.district_code = b.district_code AND a.sort_order < b.sort_order
GROUP BY a.top_code, a.criterion_code, b.criterion_code, a.sort_order, b.sort_order
ORDER BY a.sort_order, b.sort_order;
