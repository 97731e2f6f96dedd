-- What the forms ask for, by key. A table of its own, so that it can be analysed: the planner knows nothing of a
-- dimension that was filled a moment ago, and would compare every staged row with every indicator.

CREATE TEMPORARY TABLE asked_row ON COMMIT DROP AS
SELECT
    r.form_key,
    i.indicator_code,
    i.indicator_key
FROM warehouse.form_row AS r
INNER JOIN warehouse.dim_indicator AS i ON r.indicator_code = i.indicator_code
WHERE r.is_asked;
