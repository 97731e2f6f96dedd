-- The points of every criterion for every unit: what was measured, and what that is worth by the criterion's rule.
-- Fractions carry thirty decimals, so that equal fractions stay equal however they were written.

CREATE FUNCTION warehouse.score_criteria(
    nodes warehouse.scoring_node[],
    units warehouse.scored_unit[],
    unit_values warehouse.unit_value[],
    stage_number integer
)
RETURNS SETOF warehouse.node_score
LANGUAGE sql IMMUTABLE
BEGIN ATOMIC
    WITH criterion AS MATERIALIZED (
        SELECT node.*
        FROM unnest(nodes) AS node
        WHERE node.rule IS NOT NULL
    ),

    -- What each status of an input makes of its part of the criterion: 0 not applicable, 1 dropped, 2 has a value,
    -- 3 counts as the lowest of all units, 4 counts as zero. A part has the highest state of its inputs.
    input AS MATERIALIZED (
        SELECT
            criterion.node_number,
            part.name AS part,
            code.input_code,
            status.value_status,
            CASE status.counts_as
                WHEN 'zero' THEN 4
                WHEN 'lowest' THEN 3
                WHEN 'value' THEN 2
                ELSE CASE status.value_status WHEN 'not_applicable' THEN 0 ELSE 1 END
            END AS state
        FROM criterion
        CROSS JOIN
            LATERAL (
                VALUES ('numerator', criterion.numerator), ('denominator', criterion.denominator)
            ) AS part (name, input_codes)
        CROSS JOIN LATERAL unnest(part.input_codes) AS code (input_code)
        CROSS JOIN LATERAL jsonb_each_text(
            criterion.statuses || '{"reported": "value"}'
        ) AS status (value_status, counts_as)
    ),

    summed AS (
        SELECT
            unit_value.slice,
            unit_value.unit,
            input.node_number,
            sum(unit_value.value) FILTER (WHERE input.part = 'numerator') AS numerator,
            sum(unit_value.value) FILTER (WHERE input.part = 'denominator') AS denominator,
            max(input.state) FILTER (WHERE input.part = 'numerator') AS numerator_state,
            max(input.state) FILTER (WHERE input.part = 'denominator') AS denominator_state,
            count(*) FILTER (WHERE input.part = 'numerator') AS numerator_count,
            count(*) FILTER (WHERE input.part = 'denominator') AS denominator_count
        FROM unnest(unit_values) AS unit_value
        INNER JOIN input
            ON unit_value.input_code = input.input_code AND unit_value.value_status = input.value_status
        GROUP BY unit_value.slice, unit_value.unit, input.node_number
    ),

    -- An input without a value is blank.
    stated AS (
        SELECT
            unit.slice,
            unit.unit,
            unit.has_report,
            criterion.node_number,
            summed.numerator,
            summed.denominator,
            greatest(
                summed.numerator_state,
                CASE
                    WHEN cardinality(criterion.numerator) > coalesce(summed.numerator_count, 0) THEN blank.state
                END
            ) AS numerator_state,
            greatest(
                summed.denominator_state,
                CASE
                    WHEN cardinality(criterion.denominator) > coalesce(summed.denominator_count, 0) THEN blank.state
                END
            ) AS denominator_state
        FROM criterion
        INNER JOIN (
            SELECT DISTINCT
                input.node_number,
                input.state
            FROM input
            WHERE input.value_status = 'blank'
        ) AS blank ON criterion.node_number = blank.node_number
        CROSS JOIN unnest(units) AS unit
        LEFT JOIN summed
            ON
                unit.slice = summed.slice
                AND unit.unit = summed.unit
                AND criterion.node_number = summed.node_number
    ),

    appraisal AS (
        SELECT
            unit_value.slice,
            unit_value.unit,
            criterion.node_number,
            unit_value.value AS points
        FROM criterion
        INNER JOIN unnest(unit_values) AS unit_value ON 'criterion.' || criterion.node_code = unit_value.input_code
    ),

    measured AS MATERIALIZED (
        SELECT
            stated.slice,
            stated.unit,
            stated.node_number,
            stated.numerator,
            stated.denominator,
            appraisal.points AS appraised_points,
            CASE
                WHEN criterion.from_stage > stage_number THEN 'l'
                WHEN appraisal.points IS NOT NULL THEN 'a'
                WHEN NOT stated.has_report
                    THEN
                        CASE criterion.statuses ->> 'no_report' WHEN 'zero' THEN 'm' WHEN 'lowest' THEN 'w' ELSE 'r' END
                WHEN stated.numerator_state = 0 OR stated.denominator_state = 0 THEN 'n'
                WHEN stated.numerator_state = 1 OR stated.denominator_state = 1 THEN 'd'
                WHEN stated.denominator = 0 AND stated.denominator_state = 2 THEN 'e'
                WHEN stated.numerator_state = 4 OR stated.denominator_state = 4 THEN 'm'
                WHEN stated.numerator_state = 3 OR stated.denominator_state = 3 THEN 'w'
                WHEN criterion.rule = 'code_list' AND NOT stated.numerator = any(criterion.edges) THEN 'c'
                ELSE 's'
            END AS outcome,
            CASE
                WHEN criterion.denominator = '{}' THEN stated.numerator
                WHEN stated.denominator <> 0 THEN (100 * stated.numerator)::numeric(60, 30) / stated.denominator
            END AS measure
        FROM stated
        INNER JOIN criterion ON stated.node_number = criterion.node_number
        LEFT JOIN appraisal
            ON
                stated.slice = appraisal.slice
                AND stated.unit = appraisal.unit
                AND stated.node_number = appraisal.node_number
    ),

    -- For the rules that compare a unit with the others of its slice; a better measure is a higher one here.
    compared AS (
        SELECT
            directed.*,
            max(directed.measure) OVER criterion_units AS best,
            min(directed.measure) OVER criterion_units AS worst,
            count(*) OVER criterion_units - 1 AS other_count,
            rank() OVER (criterion_units ORDER BY directed.measure) - 1 AS worse_count,
            count(*) OVER (PARTITION BY directed.slice, directed.node_number, directed.measure) - 1 AS equal_count
        FROM (
            SELECT
                measured.slice,
                measured.unit,
                measured.node_number,
                criterion.rule,
                criterion.is_less_better,
                CASE WHEN criterion.is_less_better THEN -measured.measure ELSE measured.measure END AS measure
            FROM measured
            INNER JOIN criterion ON measured.node_number = criterion.node_number
            WHERE
                measured.outcome = 's' AND criterion.rule IN ('min_max', 'percentile_rank', 'distance_to_best')
        ) AS directed
        WINDOW criterion_units AS (PARTITION BY directed.slice, directed.node_number)
    ),

    standing AS (
        SELECT
            compared.slice,
            compared.unit,
            compared.node_number,
            CASE
                WHEN compared.rule <> 'percentile_rank' AND compared.measure = compared.best THEN 1
                WHEN compared.rule = 'min_max'
                    THEN (compared.measure - compared.worst)::numeric(60, 30) / (compared.best - compared.worst)
                WHEN compared.rule = 'percentile_rank' AND compared.other_count = 0 THEN 1
                WHEN compared.rule = 'percentile_rank'
                    THEN (compared.worse_count + compared.equal_count * 0.5)::numeric(60, 30) / compared.other_count
                WHEN compared.is_less_better
                    THEN greatest(0, compared.best::numeric(60, 30) / nullif(compared.measure, 0))
                ELSE greatest(0, compared.measure::numeric(60, 30) / nullif(compared.best, 0))
            END AS part
        FROM compared
    ),

    pointed AS MATERIALIZED (
        SELECT
            measured.*,
            CASE measured.outcome
                WHEN 's'
                    THEN
                        coalesce(
                            criterion.lowest_points + (100 - criterion.lowest_points) * standing.part,
                            CASE criterion.rule
                                WHEN
                                    'code_list'
                                    THEN criterion.edge_points[array_position(criterion.edges, measured.numerator)]
                                WHEN 'steps'
                                    THEN
                                        coalesce(
                                            criterion.edge_points[width_bucket(measured.measure, criterion.edges)], 0
                                        )
                                ELSE 100 * greatest(0, least(
                                    1,
                                    (measured.measure - criterion.zero_at)::numeric(60, 30)
                                    / (criterion.full_at - criterion.zero_at)
                                ))
                            END
                        )
                WHEN 'a' THEN measured.appraised_points
                WHEN 'e' THEN CASE criterion.empty_denominator WHEN 'full' THEN 100 WHEN 'zero' THEN 0 END
                WHEN 'm' THEN 0
                WHEN 'c' THEN 0
                WHEN 'n' THEN CASE WHEN criterion.statuses ->> 'not_applicable' = 'full' THEN 100 END
            END AS points
        FROM measured
        INNER JOIN criterion ON measured.node_number = criterion.node_number
        LEFT JOIN standing
            ON
                measured.slice = standing.slice
                AND measured.unit = standing.unit
                AND measured.node_number = standing.node_number
    ),

    lowest AS (
        SELECT
            pointed.slice,
            pointed.node_number,
            min(pointed.points) AS points
        FROM pointed
        WHERE pointed.outcome IN ('s', 'a')
        GROUP BY pointed.slice, pointed.node_number
    ),

    scored AS (
        SELECT
            pointed.*,
            CASE pointed.outcome WHEN 'w' THEN coalesce(lowest.points, 0) ELSE pointed.points END AS score
        FROM pointed
        LEFT JOIN lowest ON pointed.slice = lowest.slice AND pointed.node_number = lowest.node_number
    )

    SELECT
        scored.slice,
        scored.unit,
        scored.node_number,
        warehouse.round_score(scored.score, criterion.round_unit, criterion.round_digits),
        CASE WHEN scored.score IS NOT NULL THEN (scored.outcome IN ('s', 'a', 'e', 'n'))::integer::numeric END,
        scored.outcome::"char",
        scored.numerator,
        scored.denominator
    FROM scored
    INNER JOIN criterion ON scored.node_number = criterion.node_number;
END;
