-- Which reporting unit followed which, by the communes that passed from one to the other. A successor that straddles
-- took communes of several.

CREATE VIEW mart.district_succession AS
SELECT
    c.changed_on,
    c.district_code AS predecessor_code,
    old.name_vi AS predecessor_name,
    c.new_code AS successor_code,
    new.name_vi AS successor_name,
    count(*) AS commune_count,
    string_agg(c.old_name, ', ' ORDER BY c.old_code) AS communes,
    count(*) OVER (PARTITION BY c.changed_on, c.new_code) > 1 AS is_straddling,
    min(c.basis) AS basis
FROM warehouse.commune_change AS c
INNER JOIN warehouse.dim_district AS old
    ON c.district_code = old.district_code AND c.changed_on - 1 BETWEEN old.valid_from AND old.valid_to
INNER JOIN warehouse.dim_district AS new
    ON c.new_code = new.district_code AND c.changed_on BETWEEN new.valid_from AND new.valid_to
GROUP BY c.changed_on, c.district_code, old.name_vi, c.new_code, new.name_vi;
