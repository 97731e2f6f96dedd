-- The reform areas of the catalogue. Writes only what differs.

MERGE INTO warehouse.dim_reform_area AS known
USING pg_temp.incoming AS new
    ON known.reform_area_code = new.reform_area_code
WHEN MATCHED AND (
    known.sort_order, known.name_vi, known.name_en
) IS DISTINCT FROM (
    new.sort_order, new.name_vi, new.name_en
) THEN
    UPDATE SET
        sort_order = new.sort_order,
        name_vi = new.name_vi,
        name_en = new.name_en
WHEN NOT MATCHED THEN
    INSERT (
        reform_area_code, sort_order, name_vi, name_en
    )
    VALUES (
        new.reform_area_code, new.sort_order, new.name_vi, new.name_en
    );
