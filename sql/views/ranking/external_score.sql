-- Scores that no report holds (surveys, appraisals), each with who entered it and why; earlier ones stay with their end.

CREATE VIEW mart.external_score AS
SELECT
    x.period_code,
    x.district_code,
    d.name_vi AS district_name,
    x.input_code,
    x.stage_code,
    x.value,
    x.is_simulated,
    x.entered_by,
    x.reason AS entry_reason,
    x.known_from,
    x.known_to,
    x.known_to = 'infinity' AS is_current,
    x.ended_by,
    x.end_reason
FROM warehouse.external_score AS x
INNER JOIN warehouse.dim_period AS p ON x.period_code = p.period_code
INNER JOIN warehouse.dim_district AS d
    ON x.district_code = d.district_code AND p.period_end BETWEEN d.valid_from AND d.valid_to;
