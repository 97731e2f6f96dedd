-- The reform areas, in the order of the form.

CREATE VIEW mart.reform_area AS
SELECT
    a.reform_area_code,
    a.name_vi AS reform_area_name,
    a.name_en AS reform_area_name_en,
    a.sort_order
FROM warehouse.dim_reform_area AS a;
