-- The statement that scores by a method: one common table expression for each step, one for each level of the tree.
--
-- unit_source gives (slice, unit, has_report), value_source (slice, unit, indicator, value, status); units of a slice
-- are compared with each other. $1 is the definition, $2 the inputs that the method reads, $3 the stage. What is
-- not needed by a method (comparison with others, lowest points, rounding) is left out of its statement, and OFFSET 0
-- keeps what is computed once from being computed again wherever it is named, both for the sake of time.
--
-- States of a part: 0 all not applicable, 1 all fell away, 2 has values, 3 counts as the lowest, 4 counts as zero.
-- Outcomes: s scored, a appraised, e empty denominator, m missing, w missing and worst of all, n not applicable,
-- d dropped, c code without points, r no report, l of a later stage.
-- Thirty decimals are carried and twenty kept, so that equal fractions stay equal however they were written. A
-- geometric mean is a float8, of which twelve decimals are kept.

CREATE FUNCTION warehouse.score_statement(definition jsonb, unit_source text, value_source text) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    deepest integer;
    is_relative boolean;
    has_lowest boolean;
    has_geometric boolean;
    has_total boolean;
    has_rounding boolean;
    has_sums CONSTANT boolean := EXISTS (
        SELECT FROM warehouse.method_operand(definition) AS o WHERE o.operand_number > 1
    );
    rounded CONSTANT text := $rounded$CASE
            WHEN r.round_digits IS NULL OR r.score IS NULL THEN r.score
            ELSE round((r.score * r.round_unit)::numeric(60, 30) / 100, r.round_digits) * 100 / r.round_unit
        END$rounded$;
    levels text := '';
    all_levels text := '';
BEGIN
    SELECT
        max(n.depth) FILTER (WHERE n.kind IN ('root', 'area', 'group', 'criterion')),
        bool_or(coalesce(n.rule, '') IN ('min_max', 'percentile_rank', 'distance_to_best')),
        bool_or(n.rule IS NOT NULL AND EXISTS (SELECT FROM jsonb_each_text(n.statuses) AS s WHERE s.value = 'lowest')),
        bool_or(coalesce(n.aggregation, '') = 'geometric'),
        bool_or(coalesce(n.aggregation, '') = 'sum'),
        bool_or(n.round_digits IS NOT NULL)
    INTO deepest, is_relative, has_lowest, has_geometric, has_total, has_rounding
    FROM warehouse.method_node(definition) AS n;

    FOR level IN REVERSE deepest - 1 .. 0 LOOP
        levels := levels || format($level$,
level_%1$s AS MATERIALIZED (
    SELECT r.slice, r.unit, r.node_number, r.parent_number, r.weight, r.coverage, %5$s AS score
    FROM (
        SELECT
            g.slice, g.unit, p.node_number, p.parent_number, p.weight, p.round_digits, p.round_unit,
            CASE p.aggregation
                WHEN 'arithmetic' THEN g.points::numeric(60, 30) / g.weight_scored
                %4$s
            END AS score,
            g.covered::numeric(60, 30) / g.weight_scored AS coverage
        FROM (
            SELECT
                c.slice, c.unit, c.parent_number,
                sum(c.weight * c.score) AS points,
                sum(c.weight * c.coverage) AS covered,
                sum(c.weight) FILTER (WHERE c.score IS NOT NULL) AS weight_scored%6$s
            FROM (
                SELECT f.slice, f.unit, f.parent_number, f.weight, f.score, f.coverage
                FROM leaf AS f WHERE f.depth = %2$s AND f.parent_number IS NOT NULL
                %3$s
            ) AS c
            GROUP BY c.slice, c.unit, c.parent_number
        ) AS g
        INNER JOIN node AS p ON g.parent_number = p.node_number
    ) AS r
)$level$,
            level, level + 1,
            CASE WHEN level < deepest - 1 THEN format(
                'UNION ALL SELECT i.slice, i.unit, i.parent_number, i.weight, i.score, i.coverage FROM level_%s AS i',
                level + 1
            ) END,
            CASE WHEN has_total THEN 'WHEN ''sum'' THEN g.points::numeric(60, 30) / g.weight_of_all' ELSE '' END
            || CASE WHEN has_geometric THEN $geometric$
                WHEN 'geometric' THEN CASE
                    WHEN g.least <= 0 THEN 0
                    ELSE round(exp(g.log_points / g.weight_scored::float8)::numeric, 12)
                END$geometric$ ELSE '' END,
            CASE WHEN has_rounding THEN rounded ELSE 'r.score' END,
            CASE WHEN has_total THEN ', sum(c.weight) AS weight_of_all' ELSE '' END
            || CASE WHEN has_geometric THEN $geometric$,
                min(c.score) AS least,
                sum(c.weight::float8 * ln(c.score::float8)) FILTER (WHERE c.score > 0) AS log_points$geometric$ ELSE '' END
        );
        all_levels := all_levels || format($rows$
    UNION ALL
    SELECT
        i.slice, i.unit, i.node_number, trim_scale(round(i.score, 20)), trim_scale(round(i.coverage, 6)),
        NULL, NULL, NULL, NULL
    FROM level_%s AS i$rows$, level);
    END LOOP;

    RETURN format($statement$
WITH named AS MATERIALIZED (SELECT o.* FROM warehouse.method_operand($1) AS o),
node AS MATERIALIZED (
    SELECT
        n.node_number, n.parent_number, n.depth, n.node_code, n.kind, n.weight, n.aggregation, n.rule, n.zero_at,
        n.full_at, n.lowest_points, n.is_less_better, n.edges, n.edge_points, n.empty_denominator, n.round_unit,
        n.round_digits, n.from_stage, k.numerator_count, coalesce(k.denominator_count, 0) AS denominator_count,
        CASE n.statuses ->> 'blank' WHEN 'zero' THEN 4 WHEN 'lowest' THEN 3 ELSE 1 END AS blank,
        CASE n.statuses ->> 'not_done' WHEN 'zero' THEN 4 WHEN 'lowest' THEN 3 ELSE 1 END AS not_done,
        CASE n.statuses ->> 'undecidable' WHEN 'zero' THEN 4 WHEN 'lowest' THEN 3 ELSE 1 END AS undecidable,
        CASE n.statuses ->> 'not_applicable' WHEN 'zero' THEN 4 WHEN 'lowest' THEN 3 ELSE 0 END AS not_applicable,
        CASE n.statuses ->> 'no_report' WHEN 'zero' THEN 'm' WHEN 'lowest' THEN 'w' ELSE 'r' END AS no_report,
        n.statuses ->> 'not_applicable' = 'full' AS is_full_if_not_applicable
    FROM warehouse.method_node($1) AS n
    LEFT JOIN (
        SELECT
            o.node_number,
            count(*) FILTER (WHERE o.part = 'numerator') AS numerator_count,
            count(*) FILTER (WHERE o.part = 'denominator') AS denominator_count
        FROM named AS o GROUP BY o.node_number
    ) AS k ON n.node_number = k.node_number
),
operand AS MATERIALIZED (
    SELECT
        n.node_number, o.input_code, CASE o.part WHEN 'numerator' THEN 1 ELSE 2 END AS part,
        n.blank, n.not_done, n.undecidable, n.not_applicable
    FROM named AS o INNER JOIN node AS n ON o.node_number = n.node_number
    UNION ALL
    SELECT n.node_number, 'criterion.' || n.node_code, 3, 0, 0, 0, 0 FROM node AS n WHERE n.rule IS NOT NULL
),
unit AS MATERIALIZED (%1$s),
summed AS (
    SELECT
        v.slice, v.unit, o.node_number,
        %11$s(v.value) FILTER (WHERE o.part = 1) AS numerator,
        %11$s(v.value) FILTER (WHERE o.part = 2) AS denominator,
        max(v.value) FILTER (WHERE o.part = 3) AS given_points,
        max(g.state) FILTER (WHERE o.part = 1) AS numerator_state,
        max(g.state) FILTER (WHERE o.part = 2) AS denominator_state,
        count(*) FILTER (WHERE o.part = 1) AS numerator_count,
        count(*) FILTER (WHERE o.part = 2) AS denominator_count
    FROM (%2$s) AS v
    INNER JOIN operand AS o ON v.indicator = o.input_code
    CROSS JOIN LATERAL (
        SELECT CASE v.status
            WHEN 'reported' THEN 2 WHEN 'blank' THEN o.blank WHEN 'not_done' THEN o.not_done
            WHEN 'not_applicable' THEN o.not_applicable ELSE o.undecidable
        END AS state
    ) AS g
    GROUP BY v.slice, v.unit, o.node_number
),
stated AS (
    SELECT
        u.slice, u.unit, u.has_report, n.*, s.numerator, s.denominator, s.given_points,
        greatest(
            s.numerator_state, CASE WHEN n.numerator_count > coalesce(s.numerator_count, 0) THEN n.blank END
        ) AS numerator_state,
        greatest(
            s.denominator_state, CASE WHEN n.denominator_count > coalesce(s.denominator_count, 0) THEN n.blank END
        ) AS denominator_state
    FROM node AS n
    CROSS JOIN LATERAL (
        SELECT e.slice, e.unit, e.has_report, n.node_number FROM unit AS e OFFSET 0
    ) AS u -- units within nodes, so that a node is read but once
    LEFT JOIN summed AS s ON u.slice = s.slice AND u.unit = s.unit AND u.node_number = s.node_number
    WHERE n.rule IS NOT NULL
),
measured AS (
    SELECT
        t.*,
        CASE
            WHEN t.from_stage > $3 THEN 'l'
            WHEN t.given_points IS NOT NULL THEN 'a'
            WHEN NOT t.has_report THEN t.no_report
            WHEN t.numerator_state = 0 OR t.denominator_state = 0 THEN 'n'
            WHEN t.numerator_state = 1 OR t.denominator_state = 1 THEN 'd'
            WHEN t.denominator = 0 AND t.denominator_state = 2 THEN 'e'
            WHEN t.numerator_state = 4 OR t.denominator_state = 4 THEN 'm'
            WHEN t.numerator_state = 3 OR t.denominator_state = 3 THEN 'w'
            WHEN t.rule = 'code_list' AND NOT t.numerator = any(t.edges) THEN 'c'
            ELSE 's'
        END AS outcome,
        CASE
            WHEN t.denominator_count = 0 THEN t.numerator
            WHEN t.denominator <> 0 THEN (100 * t.numerator)::numeric(60, 30) / t.denominator
        END AS measure
    FROM stated AS t
    OFFSET 0
),%3$s
pointed AS (
    SELECT
        m.*,
        CASE m.outcome
            WHEN 's' THEN CASE m.rule
                WHEN 'code_list' THEN m.edge_points[array_position(m.edges, m.numerator)]
                WHEN 'steps' THEN coalesce(m.edge_points[width_bucket(m.measure, m.edges)], 0)
                %7$s
                ELSE CASE
                    WHEN m.zero_at = 0 AND m.full_at = 100 THEN greatest(0, least(100, m.measure))
                    ELSE 100 * greatest(0, least(1, (m.measure - m.zero_at)::numeric(60, 30) / (m.full_at - m.zero_at)))
                END
            END
            WHEN 'a' THEN m.given_points
            WHEN 'e' THEN CASE m.empty_denominator WHEN 'full' THEN 100 WHEN 'zero' THEN 0 END
            WHEN 'm' THEN 0
            WHEN 'c' THEN 0
            WHEN 'n' THEN CASE WHEN m.is_full_if_not_applicable THEN 100 END
        END AS points
    FROM measured AS m%8$s
    OFFSET 0
),%4$s
leaf AS MATERIALIZED (
    SELECT
        r.slice, r.unit, r.node_number, r.parent_number, r.depth, r.weight, r.kind, %9$s AS score,
        CASE WHEN r.score IS NOT NULL THEN CASE WHEN r.outcome IN ('s', 'a', 'e', 'n') THEN 1 ELSE 0 END::numeric END
            AS coverage,
        r.outcome, r.numerator, r.denominator
    FROM (%10$s) AS r
)%5$s,
every AS (
    SELECT
        f.slice, f.unit, f.node_number, trim_scale(round(f.score, 20)) AS score, f.coverage, f.outcome, f.numerator,
        f.denominator,
        CASE f.kind WHEN 'bonus' THEN f.weight * f.score / 100 WHEN 'penalty' THEN -f.weight * f.score / 100 END AS extra
    FROM leaf AS f%6$s
),
gathered AS (
    SELECT
        e.slice, e.unit,
        array_agg(e.score ORDER BY e.node_number) AS scores,
        array_agg(e.coverage ORDER BY e.node_number) AS coverages,
        array_agg(e.outcome::"char" ORDER BY e.node_number) AS outcomes,
        array_agg(e.numerator ORDER BY e.node_number) AS numerators,
        array_agg(e.denominator ORDER BY e.node_number) AS denominators,
        sum(e.extra) AS extra
    FROM every AS e
    GROUP BY e.slice, e.unit
),
totalled AS (
    SELECT
        g.*,
        g.scores[1] AS base_score,
        coalesce(g.coverages[1], 0) AS coverage,
        CASE WHEN g.scores[1] IS NOT NULL THEN trim_scale(round(
            greatest(0, least(100, g.scores[1] + coalesce(g.extra, 0))), coalesce((
                SELECT n.round_digits FROM node AS n WHERE n.node_number = 1
            ), 20)
        )) END AS score,
        ARRAY(
            SELECT coalesce(g.scores[n.node_number], -1)
            FROM jsonb_array_elements_text($1 -> 'tie_breaks') WITH ORDINALITY AS b (code, place)
            INNER JOIN node AS n ON b.code = n.node_code
            ORDER BY b.place
        ) AS tie_scores
    FROM gathered AS g
),
judged AS (
    SELECT
        t.*,
        t.score IS NOT NULL AND t.coverage >= coalesce(($1 ->> 'minimum_coverage')::numeric, 0) AS is_ranked
    FROM totalled AS t
)
SELECT
    j.slice::integer, j.unit::integer, j.base_score, j.score, j.coverage, j.is_ranked,
    CASE WHEN j.is_ranked THEN
        rank() OVER (PARTITION BY j.slice, j.is_ranked ORDER BY j.score DESC, j.tie_scores DESC)
    END AS rank,
    j.is_ranked AND count(*) OVER (PARTITION BY j.slice, j.is_ranked, j.score, j.tie_scores) > 1 AS is_tied,
    CASE WHEN j.is_ranked THEN b.name_vi END AS band,
    CASE WHEN j.is_ranked THEN b.name_en END AS band_en,
    j.scores, j.coverages, j.outcomes, j.numerators, j.denominators
FROM judged AS j
LEFT JOIN LATERAL (
    SELECT k.band ->> 'name_vi' AS name_vi, k.band ->> 'name_en' AS name_en
    FROM jsonb_array_elements($1 -> 'bands') WITH ORDINALITY AS k (band, place)
    WHERE (k.band ->> 'from')::numeric <= j.score OR (k.band ->> 'above')::numeric < j.score
    ORDER BY k.place LIMIT 1
) AS b ON true
$statement$,
        unit_source, value_source,
        CASE WHEN is_relative THEN $standing$
standing AS (
    SELECT
        r.slice, r.unit, r.node_number,
        CASE r.rule
            WHEN 'min_max' THEN CASE
                WHEN r.best = r.worst THEN 1
                WHEN r.is_less_better THEN (r.best - r.measure)::numeric(60, 30) / (r.best - r.worst)
                ELSE (r.measure - r.worst)::numeric(60, 30) / (r.best - r.worst)
            END
            WHEN 'percentile_rank' THEN CASE
                WHEN r.others = 0 THEN 1
                ELSE (
                    CASE WHEN r.is_less_better THEN r.others - r.below - r.alike ELSE r.below END + r.alike * 0.5
                )::numeric(60, 30) / r.others
            END
            ELSE CASE
                WHEN r.is_less_better AND r.measure = r.worst THEN 1
                WHEN r.is_less_better THEN greatest(0, r.worst::numeric(60, 30) / nullif(r.measure, 0))
                WHEN r.measure = r.best THEN 1
                ELSE greatest(0, r.measure::numeric(60, 30) / nullif(r.best, 0))
            END
        END AS part
    FROM (
        SELECT
            m.slice, m.unit, m.node_number, m.rule, m.is_less_better, m.measure,
            max(m.measure) OVER w AS best,
            min(m.measure) OVER w AS worst,
            count(*) OVER w - 1 AS others,
            rank() OVER (PARTITION BY m.slice, m.node_number ORDER BY m.measure) - 1 AS below,
            count(*) OVER (PARTITION BY m.slice, m.node_number, m.measure) - 1 AS alike
        FROM measured AS m
        WHERE m.outcome = 's' AND m.rule IN ('min_max', 'percentile_rank', 'distance_to_best')
        WINDOW w AS (PARTITION BY m.slice, m.node_number)
    ) AS r
),$standing$ END,
        CASE WHEN has_lowest THEN $lowest$
lowest AS (
    SELECT p.slice, p.node_number, min(p.points) AS points
    FROM pointed AS p WHERE p.outcome IN ('s', 'a') GROUP BY p.slice, p.node_number
),$lowest$ END,
        levels, all_levels,
        CASE WHEN is_relative THEN $points$WHEN 'min_max' THEN m.lowest_points + (100 - m.lowest_points) * k.part
                WHEN 'percentile_rank' THEN m.lowest_points + (100 - m.lowest_points) * k.part
                WHEN 'distance_to_best' THEN m.lowest_points + (100 - m.lowest_points) * k.part$points$ END,
        CASE WHEN is_relative THEN $join$
    LEFT JOIN standing AS k ON m.slice = k.slice AND m.unit = k.unit AND m.node_number = k.node_number$join$ END,
        CASE WHEN has_rounding THEN rounded ELSE 'r.score' END,
        CASE WHEN has_lowest THEN $worst$
        SELECT p.*, CASE p.outcome WHEN 'w' THEN coalesce(w.points, 0) ELSE p.points END AS score
        FROM pointed AS p LEFT JOIN lowest AS w ON p.slice = w.slice AND p.node_number = w.node_number
        OFFSET 0
    $worst$ ELSE 'SELECT p.*, p.points AS score FROM pointed AS p' END,
        CASE WHEN has_sums THEN 'sum' ELSE 'max' END -- of one value; a sum of decimals takes longer
    );
END
$function$;
