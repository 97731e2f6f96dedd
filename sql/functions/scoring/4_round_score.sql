-- A score rounded in the unit in which it is published: points of the criterion's weight, or parts of a hundred.

CREATE FUNCTION warehouse.round_score(score numeric, round_unit numeric, round_digits integer) RETURNS numeric
LANGUAGE sql IMMUTABLE
BEGIN ATOMIC
    SELECT CASE
        WHEN round_digits IS NULL OR score IS NULL THEN score
        ELSE round((score * round_unit)::numeric(60, 30) / 100, round_digits) * 100 / round_unit
    END;
END;
