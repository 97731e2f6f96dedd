-- Values by the area of the old districts, across the change: as reported while there was a district, then the sum of
-- the units that followed it. Only counts add up, only where all units said a number, and never over a straddled border.

CREATE VIEW mart.observation_by_area AS
WITH unit AS (
    SELECT
        a.area_code,
        a.area_name,
        a.district_code,
        a.level,
        a.is_straddling,
        a.is_comparable,
        a.district_name,
        p.period_code,
        p.period_end,
        count(*) OVER (PARTITION BY a.area_code, p.period_code) AS unit_count
    FROM mart.district_area AS a
    INNER JOIN mart.period AS p
        ON p.period_end BETWEEN coalesce(a.valid_from, '-infinity') AND coalesce(a.valid_to, 'infinity')
),

summed AS (
    SELECT
        u.area_code,
        min(u.area_name) AS area_name,
        o.period_code,
        min(o.period_end) AS period_end,
        o.indicator_code,
        min(i.kind) AS kind,
        min(u.unit_count) AS unit_count,
        count(o.value) AS reported_count,
        sum(o.value) AS value,
        bool_and(u.is_comparable) AS is_comparable,
        bool_and(u.district_code = u.area_code) AS is_district,
        bool_or(o.is_simulated) AS is_simulated,
        string_agg(u.district_name, ', ' ORDER BY u.district_code) FILTER (WHERE u.is_straddling) AS straddling
    FROM unit AS u
    INNER JOIN mart.observation AS o ON u.district_code = o.district_code AND u.period_code = o.period_code
    INNER JOIN mart.indicator AS i ON o.indicator_code = i.indicator_code
    GROUP BY u.area_code, o.period_code, o.indicator_code
),

compared AS (
    SELECT
        s.*,
        CASE
            WHEN s.is_district THEN 'as_reported'
            WHEN NOT s.is_comparable THEN 'not_comparable'
            WHEN s.kind <> 'count' THEN 'not_additive'
            WHEN s.reported_count < s.unit_count THEN 'incomplete'
            ELSE 'grouped'
        END AS comparability
    FROM summed AS s
)

SELECT
    compared.area_code,
    compared.area_name,
    compared.period_code,
    compared.period_end,
    compared.indicator_code,
    CASE WHEN compared.comparability IN ('as_reported', 'grouped') THEN compared.value END AS value,
    compared.comparability,
    compared.unit_count,
    compared.reported_count,
    coalesce(compared.straddling, '') AS straddling,
    compared.is_simulated
FROM compared;
