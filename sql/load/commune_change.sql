-- Which commune went into which. Writes only what differs.

MERGE INTO warehouse.commune_change AS known
USING pg_temp.incoming AS new
    ON known.changed_on = new.changed_on AND known.district_code = new.district_code AND known.old_name = new.old_name
WHEN MATCHED AND (
    known.old_code, known.new_code, known.new_name, known.basis
) IS DISTINCT FROM (
    new.old_code, new.new_code, new.new_name, new.basis
) THEN
    UPDATE SET
        old_code = new.old_code,
        new_code = new.new_code,
        new_name = new.new_name,
        basis = new.basis
WHEN NOT MATCHED THEN
    INSERT (
        changed_on, district_code, old_name, old_code, new_code, new_name, basis
    )
    VALUES (
        new.changed_on, new.district_code, new.old_name, new.old_code, new.new_code, new.new_name, new.basis
    );
