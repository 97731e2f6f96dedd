-- Scores that no report contains (surveys, appraisals), with author and reason; earlier versions keep their end.

CREATE VIEW mart.external_score WITH (security_barrier) AS
SELECT
    score.period_code,
    score.district_code,
    district.name_vi AS district_name,
    score.input_code,
    score.stage_code,
    score.value,
    score.is_simulated,
    score.entered_by,
    score.reason AS entry_reason,
    score.known_from,
    nullif(score.known_to, 'infinity') AS known_to,
    score.known_to = 'infinity' AS is_current,
    score.ended_by,
    score.end_reason
FROM warehouse.external_score AS score
INNER JOIN warehouse.dim_period AS period ON score.period_code = period.period_code
INNER JOIN warehouse.dim_district AS district
    ON
        score.district_code = district.district_code
        AND period.period_end BETWEEN district.valid_from AND district.valid_to
WHERE
    (SELECT reader.sees_all FROM warehouse.reader AS reader)
    OR score.district_code IN (SELECT own.district_code FROM warehouse.own_district AS own)
    OR score.period_code IN (SELECT released.period_code FROM warehouse.released_period AS released);
