-- The periods for which reports are expected.

CREATE VIEW mart.period AS
SELECT
    p.period_code,
    p.name_vi AS period_name,
    p.name_en AS period_name_en,
    p.year,
    p.term,
    p.period_start,
    p.period_end,
    p.is_cumulative,
    p.due_at,
    p.deadline_source,
    r.released_at
FROM warehouse.dim_period AS p
LEFT JOIN warehouse.period_release AS r ON p.period_code = r.period_code;
