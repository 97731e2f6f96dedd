-- Who has to report when: each district in being on the last day of a period.

CREATE VIEW warehouse.expected_report AS
SELECT
    p.period_key,
    d.district_key,
    p.period_code,
    p.period_end,
    p.due_at,
    d.district_code,
    d.name_vi AS district_name,
    d.name_en AS district_name_en,
    d.sort_name
FROM warehouse.dim_period AS p
INNER JOIN warehouse.dim_district AS d ON p.period_end BETWEEN d.valid_from AND d.valid_to;
