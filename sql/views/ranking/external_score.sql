-- Scores that no report contains (surveys, appraisals), with author and reason; earlier versions keep their end.

CREATE VIEW mart.external_score WITH (security_barrier) AS
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
    nullif(x.known_to, 'infinity') AS known_to,
    x.known_to = 'infinity' AS is_current,
    x.ended_by,
    x.end_reason
FROM warehouse.external_score AS x
INNER JOIN warehouse.dim_period AS p ON x.period_code = p.period_code
INNER JOIN warehouse.dim_district AS d
    ON x.district_code = d.district_code AND p.period_end BETWEEN d.valid_from AND d.valid_to
WHERE
    (SELECT reader.sees_all FROM warehouse.reader AS reader)
    OR x.district_code IN (SELECT own.district_code FROM warehouse.own_district AS own)
    OR x.period_code IN (SELECT released.period_code FROM warehouse.released_period AS released);
