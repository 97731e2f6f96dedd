-- The forms: each version of the appendix, who issued it and when it holds.

CREATE VIEW mart.form AS
SELECT
    f.form_code,
    f.title_vi AS form_title,
    f.title_en AS form_title_en,
    f.issuer,
    f.document_no,
    f.issued_on,
    f.valid_from,
    f.valid_to,
    f.row_count,
    f.asked_count,
    f.is_draft
FROM warehouse.dim_form AS f;
