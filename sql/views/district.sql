-- The reporting units, one row for each stretch of validity of a code.

CREATE VIEW mart.district AS
SELECT
    d.district_code,
    d.name_vi AS district_name,
    d.name_en AS district_name_en,
    d.district_type,
    d.province_code,
    d.commune_count,
    nullif(d.valid_from, '-infinity') AS valid_from,
    nullif(d.valid_to, 'infinity') AS valid_to,
    d.sort_name,
    d.source,
    d.level,
    d.province_code AS parent_code,
    d.unit_code
FROM warehouse.dim_district AS d;
