-- What nobody reported but follows from what was: flows of Q2, Q4, 9M and Q3, counts alone. Reported wins: a value
-- that was reported for the period is not derived. One that comes out negative stands here, marked: a part is wrong.

CREATE VIEW mart.observation_derived WITH (security_barrier) AS
WITH way AS (
    SELECT
        q.period_code,
        q.way,
        count(*) AS part_count,
        string_agg(
            CASE q.sign WHEN 1 THEN CASE q.part_number WHEN 1 THEN '' ELSE ' + ' END ELSE ' − ' END || q.part_code, ''
            ORDER BY q.part_number
        ) AS derivation
    FROM warehouse.derived_period_part AS q
    GROUP BY q.period_code, q.way
),

summed AS (
    SELECT
        q.period_code,
        q.way,
        d.unit_code,
        o.indicator_key,
        count(*) AS part_count,
        sum(q.sign * o.value) AS value,
        bool_or(s.is_simulated) AS is_simulated,
        max(o.known_from) AS known_from
    FROM warehouse.derived_period_part AS q
    INNER JOIN warehouse.dim_period AS p ON q.part_code = p.period_code
    INNER JOIN warehouse.fact_observation AS o ON p.period_key = o.period_key AND o.known_to = 'infinity'
    INNER JOIN warehouse.fact_submission AS s ON o.submission_id = s.submission_id
    INNER JOIN warehouse.dim_district AS d ON o.district_key = d.district_key
    WHERE o.value_status = 'reported'
    GROUP BY q.period_code, q.way, d.unit_code, o.indicator_key
),

derived AS (
    SELECT DISTINCT ON (s.period_code, s.unit_code, s.indicator_key)
        s.period_code,
        s.unit_code,
        s.indicator_key,
        s.value,
        s.is_simulated,
        s.known_from,
        w.derivation
    FROM summed AS s
    INNER JOIN way AS w ON s.period_code = w.period_code AND s.way = w.way AND s.part_count = w.part_count
    ORDER BY s.period_code ASC, s.unit_code ASC, s.indicator_key ASC, s.way ASC
)

SELECT
    d.district_code,
    d.name_vi AS district_name,
    d.name_en AS district_name_en,
    v.period_code,
    q.period_start,
    q.period_end,
    i.reform_area_code,
    i.indicator_code,
    i.name_vi AS indicator_name,
    i.name_en AS indicator_name_en,
    i.unit_vi AS unit,
    i.unit_en,
    i.nature,
    v.value,
    'derived' AS value_status,
    v.derivation,
    v.value < 0 AS is_negative,
    v.is_simulated,
    v.known_from
FROM derived AS v
INNER JOIN warehouse.derived_period AS q ON v.period_code = q.period_code
INNER JOIN warehouse.dim_indicator AS i
    ON v.indicator_key = i.indicator_key AND i.nature = 'flow' AND i.kind = 'count'
INNER JOIN warehouse.dim_district AS d
    ON v.unit_code = d.unit_code AND q.period_end BETWEEN d.valid_from AND d.valid_to
LEFT JOIN warehouse.dim_period AS p ON v.period_code = p.period_code
LEFT JOIN warehouse.fact_observation AS said
    ON
        p.period_key = said.period_key
        AND d.district_key = said.district_key
        AND v.indicator_key = said.indicator_key
        AND said.known_to = 'infinity'
        AND said.value_status = 'reported'
WHERE
    said.value IS NULL
    AND (
        (SELECT r.sees_all FROM warehouse.reader AS r)
        OR d.district_code IN (SELECT w.district_code FROM warehouse.own_district AS w)
        OR v.period_code IN (SELECT w.period_code FROM warehouse.released_period AS w)
    );
