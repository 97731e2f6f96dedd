-- A period with its deadline.

SELECT
    p.period_code,
    p.period_name,
    p.period_name_en,
    p.period_start,
    p.period_end,
    p.due_at,
    p.deadline_source
FROM mart.period AS p
WHERE p.period_code = %(period_code)s;
