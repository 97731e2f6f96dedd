-- The printed rows of the forms. Writes only what differs.

MERGE INTO warehouse.form_row AS known
USING pg_temp.incoming AS new
    ON known.form_key = new.form_key AND known.row_number = new.row_number
WHEN MATCHED AND (
    known.path, known.item, known.label, known.unit, known.indicator_code, known.is_asked, known.is_required
) IS DISTINCT FROM (
    new.path, new.item, new.label, new.unit, new.indicator_code, new.is_asked, new.is_required
) THEN
    UPDATE SET
        path = new.path,
        item = new.item,
        label = new.label,
        unit = new.unit,
        indicator_code = new.indicator_code,
        is_asked = new.is_asked,
        is_required = new.is_required
WHEN NOT MATCHED THEN
    INSERT (
        form_key, row_number, path, item, label, unit, indicator_code, is_asked, is_required
    )
    VALUES (
        new.form_key, new.row_number, new.path, new.item, new.label, new.unit, new.indicator_code,
        new.is_asked, new.is_required
    );
