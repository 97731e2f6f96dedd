-- The scoring methods, with the stretch of time in which each holds.

CREATE VIEW mart.method AS
SELECT
    method.method_code,
    method.name_vi AS method_name,
    method.name_en AS method_name_en,
    method.note_vi AS method_note,
    method.note_en AS method_note_en,
    method.valid_from,
    nullif(method.valid_to, 'infinity') AS valid_to,
    method.is_default,
    method.content_sha256,
    method.definition
FROM warehouse.scoring_method AS method;
