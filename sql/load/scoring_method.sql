-- Adds a version of a method and makes it the current one.

WITH version AS (
    INSERT INTO warehouse.scoring_version (method_code, known_from, content_sha256, definition)
    VALUES (
        %(definition)s::jsonb ->> 'method_code', clock_timestamp(), %(content_sha256)s, %(definition)s::jsonb
    )
    RETURNING method_code, content_sha256, definition
)

INSERT INTO warehouse.scoring_method (
    method_code, name_vi, name_en, note_vi, note_en, valid_from, valid_to, is_default, content_sha256, definition
)
SELECT
    version.method_code,
    version.definition ->> 'name_vi',
    version.definition ->> 'name_en',
    version.definition ->> 'note_vi',
    version.definition ->> 'note_en',
    (version.definition ->> 'valid_from')::date,
    coalesce((version.definition ->> 'valid_to')::date, 'infinity'),
    (version.definition ->> 'is_default')::boolean,
    version.content_sha256,
    version.definition
FROM version
ON CONFLICT (method_code) DO UPDATE SET
    name_vi = excluded.name_vi,
    name_en = excluded.name_en,
    note_vi = excluded.note_vi,
    note_en = excluded.note_en,
    valid_from = excluded.valid_from,
    valid_to = excluded.valid_to,
    is_default = excluded.is_default,
    content_sha256 = excluded.content_sha256,
    definition = excluded.definition;
