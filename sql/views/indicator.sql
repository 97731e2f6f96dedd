-- The stable indicators, whatever the form.

CREATE VIEW mart.indicator AS
SELECT
    i.indicator_code,
    i.name_vi AS indicator_name,
    i.name_en AS indicator_name_en,
    i.reform_area_code,
    a.name_vi AS reform_area_name,
    a.name_en AS reform_area_name_en,
    i.parent_code,
    i.kind,
    i.unit_vi AS unit,
    i.unit_en,
    i.code_labels_vi AS code_labels,
    i.code_labels_en,
    i.nature,
    i.sort_order
FROM warehouse.dim_indicator AS i
INNER JOIN warehouse.dim_reform_area AS a ON i.reform_area_code = a.reform_area_code;
