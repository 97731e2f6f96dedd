-- What each criterion contributes to the score of one unit. Under means and sums it is the effective weight (dropped
-- criteria leave their weight to their siblings) times the points; under a geometric mean the shortfall from 100 is
-- divided by logarithms. Contributions sum to the score exactly: what rounding and the limits 0 and 100 changed is a row
-- of its own (kind rounding), the last decimals of thirds and the like go to the largest contribution.
-- The arrays describe the tree in the order of node_number; scores are those of score_units.

CREATE FUNCTION warehouse.score_contributions(
    parents integer[], kinds text[], weights numeric[], aggregations text[], scores numeric[], total_score numeric
)
RETURNS TABLE (node_number bigint, kind text, points numeric, effective_weight numeric, contribution numeric)
LANGUAGE sql IMMUTABLE ROWS 60
BEGIN ATOMIC
    WITH RECURSIVE node AS (
        SELECT
            tree.node_number,
            tree.parent_number,
            tree.kind,
            tree.weight,
            scores[tree.node_number] AS score,
            scores[tree.parent_number] AS parent_score,
            aggregations[tree.parent_number] AS aggregation,
            CASE
                WHEN aggregations[tree.parent_number] = 'sum' THEN sum(tree.weight) OVER siblings
                ELSE sum(tree.weight) FILTER (WHERE scores[tree.node_number] IS NOT NULL) OVER siblings
            END AS sibling_weight,
            sum(
                CASE
                    WHEN aggregations[tree.parent_number] = 'geometric' AND scores[tree.node_number] > 0
                        THEN tree.weight::float8 * ln((scores[tree.node_number] / 100)::float8)
                END
            ) OVER siblings AS log_sum
        FROM unnest(parents, kinds, weights) WITH ORDINALITY AS tree (parent_number, kind, weight, node_number)
        WINDOW siblings AS (PARTITION BY tree.parent_number)
    ),

    -- By how much a node's points count for its parent's: its share of the weights, and points per point.
    ratio AS (
        SELECT
            node.*,
            node.weight::numeric(60, 30) / node.sibling_weight AS share,
            CASE
                WHEN node.aggregation <> 'geometric' THEN node.weight::numeric(60, 30) / node.sibling_weight
                WHEN node.score = 0 OR node.parent_score = 0 THEN 0
                WHEN node.log_sum = 0 THEN node.weight::numeric(60, 30) / node.sibling_weight
                ELSE (
                    (100 * node.weight)::numeric(60, 30) / node.sibling_weight
                    - (100 - node.parent_score) * (
                        node.weight::float8 * ln((node.score / 100)::float8) / node.log_sum
                    )::numeric
                )::numeric(60, 30) / node.score
            END AS factor
        FROM node
        WHERE node.parent_number IS NOT NULL AND node.score IS NOT NULL
    ),

    path AS (
        SELECT
            ratio.node_number,
            ratio.kind,
            ratio.score,
            ratio.share,
            ratio.factor
        FROM ratio
        WHERE ratio.parent_number = 1
        UNION ALL
        SELECT
            ratio.node_number,
            ratio.kind,
            ratio.score,
            path.share * ratio.share,
            path.factor * ratio.factor
        FROM path
        INNER JOIN ratio ON path.node_number = ratio.parent_number
    ),

    criterion AS (
        SELECT
            node.node_number,
            node.kind,
            node.score AS points,
            CASE node.kind
                WHEN 'criterion' THEN round(path.share, 20)
                WHEN 'bonus' THEN node.weight / 100
                WHEN 'penalty' THEN -node.weight / 100
            END AS effective_weight,
            CASE node.kind
                WHEN 'criterion' THEN round(path.factor * path.score, 20)
                WHEN 'bonus' THEN node.weight * node.score / 100
                WHEN 'penalty' THEN -node.weight * node.score / 100
            END AS contribution
        FROM node
        LEFT JOIN path ON node.node_number = path.node_number
        WHERE node.kind IN ('criterion', 'bonus', 'penalty')
    ),

    summed AS (
        SELECT
            criterion.*,
            total_score - coalesce(sum(criterion.contribution) OVER (), 0) AS difference,
            row_number() OVER (ORDER BY criterion.contribution DESC NULLS LAST, criterion.node_number ASC) AS place
        FROM criterion
    )

    SELECT
        summed.node_number,
        summed.kind,
        summed.points,
        CASE WHEN summed.points IS NOT NULL THEN trim_scale(summed.effective_weight) END,
        trim_scale(
            coalesce(summed.contribution, 0)
            + CASE WHEN summed.place = 1 AND abs(summed.difference) < 1e-9 THEN summed.difference ELSE 0 END
        )
    FROM summed
    UNION ALL
    SELECT
        NULL,
        'rounding',
        NULL,
        NULL,
        trim_scale(summed.difference)
    FROM summed
    WHERE summed.place = 1 AND abs(summed.difference) >= 1e-9;
END;
