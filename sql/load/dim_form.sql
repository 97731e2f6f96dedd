-- The forms of the catalogue. Writes only what differs.

MERGE INTO warehouse.dim_form AS known
USING pg_temp.incoming AS new
    ON known.form_code = new.form_code
WHEN MATCHED AND (
    known.issuer, known.document_no, known.issued_on, known.valid_from, known.valid_to, known.title_vi,
    known.title_en, known.row_count, known.asked_count, known.is_draft
) IS DISTINCT FROM (
    new.issuer, new.document_no, new.issued_on, new.valid_from, new.valid_to, new.title_vi, new.title_en,
    new.row_count, new.asked_count, new.is_draft
) THEN
    UPDATE SET
        issuer = new.issuer,
        document_no = new.document_no,
        issued_on = new.issued_on,
        valid_from = new.valid_from,
        valid_to = new.valid_to,
        title_vi = new.title_vi,
        title_en = new.title_en,
        row_count = new.row_count,
        asked_count = new.asked_count,
        is_draft = new.is_draft
WHEN NOT MATCHED THEN
    INSERT (
        form_code, issuer, document_no, issued_on, valid_from, valid_to, title_vi, title_en, row_count,
        asked_count, is_draft
    )
    VALUES (
        new.form_code, new.issuer, new.document_no, new.issued_on, new.valid_from, new.valid_to, new.title_vi,
        new.title_en, new.row_count, new.asked_count, new.is_draft
    );
