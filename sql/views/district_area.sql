-- The area of each district through time: the district itself, then the units that followed it. Where one of these
-- straddles a border, their sum is not the old district's: the area is not comparable since then.

CREATE VIEW mart.district_area AS
SELECT
    d.district_code AS area_code,
    d.name_vi AS area_name,
    d.district_code,
    d.name_vi AS district_name,
    d.level,
    nullif(d.valid_from, '-infinity') AS valid_from,
    nullif(d.valid_to, 'infinity') AS valid_to,
    false AS is_straddling,
    true AS is_comparable
FROM warehouse.dim_district AS d
WHERE
    NOT EXISTS (
        SELECT FROM mart.district_succession AS s
        WHERE s.successor_code = d.district_code
    )
UNION ALL
SELECT
    s.predecessor_code AS area_code,
    s.predecessor_name AS area_name,
    s.successor_code AS district_code,
    s.successor_name AS district_name,
    d.level,
    nullif(d.valid_from, '-infinity') AS valid_from,
    nullif(d.valid_to, 'infinity') AS valid_to,
    s.is_straddling,
    NOT bool_or(s.is_straddling) OVER (PARTITION BY s.changed_on, s.predecessor_code) AS is_comparable
FROM mart.district_succession AS s
INNER JOIN warehouse.dim_district AS d
    ON s.successor_code = d.district_code AND s.changed_on BETWEEN d.valid_from AND d.valid_to;
