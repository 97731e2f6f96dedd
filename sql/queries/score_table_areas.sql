-- The score of every inner node of the tree, the whole first.

SELECT
    n.district_code AS unit,
    n.node_code AS node,
    n.parent_code AS parent,
    n.weight,
    n.score,
    n.coverage
FROM pg_temp.node_score AS n
INNER JOIN pg_temp.score_district AS s ON n.district_code = s.district_code
WHERE n.kind IN ('root', 'area', 'group')
ORDER BY s.rank ASC NULLS LAST, s.district_key ASC, n.sort_order ASC;
