-- What each criterion brings to a district's score. Under means and sums it is the effective weight (what fell away left
-- its weight to its siblings) times the points; under a geometric mean the shortfall from 100 is shared out by logarithms.
-- The contributions of a district sum to its score exactly: what rounding and the limits 0 and 100 changed is a row of
-- its own, the last decimals of thirds and the like go to the largest.

CREATE VIEW mart.score_contribution AS
WITH node AS (
    SELECT
        d.period_code,
        d.method_code,
        d.district_code,
        d.district_name,
        d.score AS total,
        d.scores[1] AS base_score,
        n.method_key,
        n.node_number,
        n.weight,
        p.aggregation,
        d.scores[n.node_number] AS score,
        d.scores[p.node_number] AS parent_score,
        CASE
            WHEN p.aggregation = 'sum' THEN sum(n.weight) OVER siblings
            ELSE sum(n.weight) FILTER (WHERE d.scores[n.node_number] IS NOT NULL) OVER siblings
        END AS base,
        sum(n.weight) FILTER (WHERE d.scores[n.node_number] = 0) OVER siblings AS nil_weight,
        sum(CASE
            WHEN p.aggregation = 'geometric' AND d.scores[n.node_number] > 0
                THEN
                    n.weight::float8 * ln((d.scores[n.node_number] / 100)::float8)
        END) OVER siblings AS log_sum
    FROM warehouse.score_detail AS d
    INNER JOIN warehouse.scoring_node AS n ON d.method_key = n.method_key
    INNER JOIN warehouse.scoring_node AS p ON n.method_key = p.method_key AND n.parent_number = p.node_number
    WHERE d.is_final
    WINDOW siblings AS (PARTITION BY d.period_code, d.method_code, d.district_code, n.parent_number)
),

ratio AS (
    SELECT
        r.*,
        CASE WHEN r.score IS NOT NULL THEN r.weight::numeric(60, 30) / r.base END AS share,
        CASE
            WHEN r.score IS NULL THEN NULL
            WHEN r.aggregation <> 'geometric' THEN r.weight::numeric(60, 30) / r.base
            WHEN r.score = 0 THEN 0
            WHEN r.parent_score = 0 THEN 0
            WHEN r.log_sum = 0 THEN r.weight::numeric(60, 30) / r.base
            ELSE
                (
                    (100 * r.weight)::numeric(60, 30) / r.base
                    - (100 - r.parent_score) * (
                        r.weight::float8 * ln((r.score / 100)::float8) / r.log_sum
                    )::numeric
                )::numeric(60, 30) / r.score
        END AS factor
    FROM node AS r
),

within AS (
    SELECT
        t.period_code,
        t.method_code,
        t.district_code,
        t.district_name,
        t.method_key,
        t.total,
        l.node_number,
        max(CASE WHEN t.node_number = l.node_number THEN t.score END) AS score,
        CASE WHEN bool_and(t.score IS NOT NULL) THEN round(warehouse.product(t.share), 20) END AS effective_weight,
        CASE
            WHEN bool_and(t.score IS NOT NULL)
                THEN
                    round(
                        warehouse.product(t.factor) * max(CASE WHEN t.node_number = l.node_number THEN t.score END), 20
                    )
        END AS contribution
    FROM ratio AS t
    INNER JOIN warehouse.scoring_ancestor AS a ON t.method_key = a.method_key AND t.node_number = a.ancestor_number
    INNER JOIN warehouse.scoring_node AS l
        ON a.method_key = l.method_key AND a.node_number = l.node_number AND l.rule IS NOT NULL
    GROUP BY t.period_code, t.method_code, t.district_code, t.district_name, t.method_key, t.total, l.node_number
),

every AS (
    SELECT
        w.*,
        'criterion' AS kind
    FROM within AS w
    UNION ALL
    SELECT
        d.period_code,
        d.method_code,
        d.district_code,
        d.district_name,
        d.method_key,
        d.score,
        n.node_number,
        d.scores[n.node_number],
        CASE
            WHEN
                d.scores[n.node_number] IS NOT NULL
                THEN CASE n.kind WHEN 'bonus' THEN n.weight ELSE -n.weight END / 100
        END,
        CASE n.kind WHEN 'bonus' THEN n.weight ELSE -n.weight END * d.scores[n.node_number] / 100,
        n.kind
    FROM warehouse.score_detail AS d
    INNER JOIN warehouse.scoring_node AS n ON d.method_key = n.method_key AND n.kind IN ('bonus', 'penalty')
    WHERE d.is_final
),

summed AS (
    SELECT
        e.*,
        e.total - coalesce(sum(e.contribution) OVER district, 0) AS difference,
        row_number() OVER (
            PARTITION BY e.period_code, e.method_code, e.district_code
            ORDER BY e.contribution DESC NULLS LAST, e.node_number ASC
        ) AS place
    FROM every AS e
    WINDOW district AS (PARTITION BY e.period_code, e.method_code, e.district_code)
)

SELECT
    s.period_code,
    s.method_code,
    s.district_code,
    s.district_name,
    CASE WHEN r.is_rounding THEN NULL ELSE n.reform_area_code END AS reform_area_code,
    CASE WHEN r.is_rounding THEN 'rounding_and_limits' ELSE n.node_code END AS criterion_code,
    CASE WHEN r.is_rounding THEN 'Làm tròn và giới hạn 0–100' ELSE n.name_vi END AS criterion_name,
    CASE WHEN r.is_rounding THEN 'Rounding and the limits 0 and 100' ELSE n.name_en END AS criterion_name_en,
    CASE WHEN r.is_rounding THEN 'rounding' ELSE s.kind END AS kind,
    CASE WHEN r.is_rounding THEN NULL ELSE s.score END AS score,
    CASE WHEN r.is_rounding THEN NULL ELSE trim_scale(s.effective_weight) END AS effective_weight,
    trim_scale(
        CASE WHEN r.is_rounding THEN s.difference ELSE coalesce(s.contribution, 0) END
        + CASE WHEN NOT r.is_rounding AND s.place = 1 AND abs(s.difference) < 1e-9 THEN s.difference ELSE 0 END
    ) AS contribution,
    CASE WHEN r.is_rounding THEN NULL ELSE n.node_number END AS sort_order
FROM summed AS s
INNER JOIN warehouse.scoring_node AS n ON s.method_key = n.method_key AND s.node_number = n.node_number
-- Read once, so that who asks for one district has one computed.
CROSS JOIN
    LATERAL (
        SELECT false AS is_rounding
        UNION ALL
        SELECT true AS is_rounding
        WHERE s.place = 1 AND abs(s.difference) >= 1e-9
    ) AS r
WHERE s.total IS NOT NULL;
