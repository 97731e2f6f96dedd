-- The name of a criterion's outcome, and what was measured for it, from what score_units returns.

CREATE FUNCTION warehouse.outcome_name(outcome text) RETURNS text
LANGUAGE sql IMMUTABLE
BEGIN ATOMIC
    SELECT CASE outcome
        WHEN 's' THEN 'scored'
        WHEN 'a' THEN 'appraised'
        WHEN 'e' THEN 'empty_denominator'
        WHEN 'n' THEN 'not_applicable'
        WHEN 'd' THEN 'dropped'
        WHEN 'l' THEN 'later_stage'
        WHEN 'r' THEN 'no_report'
        ELSE 'missing'
    END;
END;

CREATE FUNCTION warehouse.outcome_measure(
    outcome text, numerator numeric, denominator numeric
) RETURNS numeric
LANGUAGE sql IMMUTABLE
BEGIN ATOMIC
    SELECT CASE
        WHEN outcome NOT IN ('s', 'c') THEN NULL
        WHEN denominator IS NULL THEN numerator
        ELSE (100 * numerator)::numeric(60, 30) / nullif(denominator, 0)
    END;
END;
