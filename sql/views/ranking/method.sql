-- The scoring methods, with the stretch of time in which each holds.

CREATE VIEW mart.method AS
SELECT
    m.method_code,
    m.name_vi AS method_name,
    m.name_en AS method_name_en,
    m.note_vi AS method_note,
    m.note_en AS method_note_en,
    m.valid_from,
    nullif(m.valid_to, 'infinity') AS valid_to,
    m.is_default,
    m.content_sha256,
    m.definition
FROM warehouse.scoring_method AS m;
