-- The indicators of the catalogue. Writes only what differs.

MERGE INTO warehouse.dim_indicator AS known
USING pg_temp.incoming AS new
    ON known.indicator_code = new.indicator_code
WHEN MATCHED AND (
    known.reform_area_code, known.parent_code, known.kind, known.unit_vi, known.unit_en, known.code_labels_vi,
    known.code_labels_en, known.nature, known.sort_order, known.name_vi, known.name_en
) IS DISTINCT FROM (
    new.reform_area_code, new.parent_code, new.kind, new.unit_vi, new.unit_en, new.code_labels_vi,
    new.code_labels_en, new.nature, new.sort_order, new.name_vi, new.name_en
) THEN
    UPDATE SET
        reform_area_code = new.reform_area_code,
        parent_code = new.parent_code,
        kind = new.kind,
        unit_vi = new.unit_vi,
        unit_en = new.unit_en,
        code_labels_vi = new.code_labels_vi,
        code_labels_en = new.code_labels_en,
        nature = new.nature,
        sort_order = new.sort_order,
        name_vi = new.name_vi,
        name_en = new.name_en
WHEN NOT MATCHED THEN
    INSERT (
        indicator_code, reform_area_code, parent_code, kind, unit_vi, unit_en, code_labels_vi, code_labels_en,
        nature, sort_order, name_vi, name_en
    )
    VALUES (
        new.indicator_code, new.reform_area_code, new.parent_code, new.kind, new.unit_vi, new.unit_en,
        new.code_labels_vi, new.code_labels_en, new.nature, new.sort_order, new.name_vi, new.name_en
    );
