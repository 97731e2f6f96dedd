-- Totals, ranks and bands of units from the scores of their nodes. Equal scores share a rank unless a tie-break decides.

CREATE FUNCTION warehouse.rank_scores(
    definition jsonb, nodes warehouse.scoring_node[], node_scores warehouse.node_score[]
)
RETURNS SETOF warehouse.unit_score
LANGUAGE sql IMMUTABLE
BEGIN ATOMIC
    WITH gathered AS (
        SELECT
            node_score.slice,
            node_score.unit,
            array_agg(trim_scale(round(node_score.score, 20)) ORDER BY node_score.node_number) AS scores,
            array_agg(
                CASE WHEN node.rule IS NULL THEN trim_scale(round(node_score.coverage, 6)) ELSE node_score.coverage END
                ORDER BY node_score.node_number
            ) AS coverages,
            array_agg(node_score.outcome ORDER BY node_score.node_number) AS outcomes,
            array_agg(node_score.numerator ORDER BY node_score.node_number) AS numerators,
            array_agg(node_score.denominator ORDER BY node_score.node_number) AS denominators,
            sum(
                CASE node.kind WHEN 'bonus' THEN node.weight WHEN 'penalty' THEN -node.weight END
                * node_score.score / 100
            ) AS extra_points
        FROM unnest(node_scores) AS node_score
        INNER JOIN unnest(nodes) AS node ON node_score.node_number = node.node_number
        GROUP BY node_score.slice, node_score.unit
    ),

    totalled AS (
        SELECT
            gathered.*,
            trim_scale(round(
                greatest(0, least(100, gathered.scores[1] + coalesce(gathered.extra_points, 0))),
                coalesce(nodes[1].round_digits, 20)
            )) AS score,
            coalesce(gathered.coverages[1], 0) AS coverage,
            ARRAY(
                SELECT coalesce(gathered.scores[node.node_number], -1)
                FROM warehouse.method_names(definition, 'tie_breaks', 'method') AS tie_break
                INNER JOIN unnest(nodes) AS node ON tie_break.name = node.node_code
                ORDER BY tie_break.name_number
            ) AS tie_scores
        FROM gathered
    ),

    qualified AS (
        SELECT
            totalled.*,
            totalled.scores[1] IS NOT NULL
            AND totalled.coverage
            >= coalesce(warehouse.method_number(definition, 'minimum_coverage', 'method'), 0) AS is_ranked
        FROM totalled
    )

    SELECT
        qualified.slice,
        qualified.unit,
        qualified.scores[1],
        CASE WHEN qualified.scores[1] IS NOT NULL THEN qualified.score END,
        qualified.coverage,
        qualified.is_ranked,
        CASE
            WHEN qualified.is_ranked
                THEN rank() OVER (
                    PARTITION BY qualified.slice, qualified.is_ranked
                    ORDER BY qualified.score DESC, qualified.tie_scores DESC
                )
        END,
        qualified.is_ranked
        AND count(*) OVER (
            PARTITION BY qualified.slice, qualified.is_ranked, qualified.score, qualified.tie_scores
        ) > 1,
        CASE WHEN qualified.is_ranked THEN band.name_vi END,
        CASE WHEN qualified.is_ranked THEN band.name_en END,
        qualified.scores,
        qualified.coverages,
        qualified.outcomes,
        qualified.numerators,
        qualified.denominators
    FROM qualified
    LEFT JOIN LATERAL (
        SELECT
            band.entry ->> 'name_vi' AS name_vi,
            band.entry ->> 'name_en' AS name_en
        FROM warehouse.method_entries(definition, 'bands', 'method') AS band
        WHERE
            warehouse.method_number(band.entry, 'from', band.entry_place) <= qualified.score
            OR warehouse.method_number(band.entry, 'above', band.entry_place) < qualified.score
        ORDER BY band.entry_number
        LIMIT 1
    ) AS band ON true;
END;
