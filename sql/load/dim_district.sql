-- The reporting units of the catalogue, one row for each stretch of validity of a code. Writes only what differs.

MERGE INTO warehouse.dim_district AS known
USING pg_temp.incoming AS new
    ON known.district_code = new.district_code AND known.valid_from = new.valid_from
WHEN MATCHED AND (
    known.name_vi, known.name_en, known.district_type, known.province_code, known.commune_count, known.valid_to,
    known.sort_name, known.source, known.level, known.unit_code
) IS DISTINCT FROM (
    new.name_vi, new.name_en, new.district_type, new.province_code, new.commune_count, new.valid_to,
    new.sort_name, new.source, new.level, new.unit_code
) THEN
    UPDATE SET
        name_vi = new.name_vi,
        name_en = new.name_en,
        district_type = new.district_type,
        province_code = new.province_code,
        commune_count = new.commune_count,
        valid_to = new.valid_to,
        sort_name = new.sort_name,
        source = new.source,
        level = new.level,
        unit_code = new.unit_code
WHEN NOT MATCHED THEN
    INSERT (
        district_code, valid_from, name_vi, name_en, district_type, province_code, commune_count, valid_to,
        sort_name, source, level, unit_code
    )
    VALUES (
        new.district_code, new.valid_from, new.name_vi, new.name_en, new.district_type, new.province_code,
        new.commune_count, new.valid_to, new.sort_name, new.source, new.level, new.unit_code
    );
