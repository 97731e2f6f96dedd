-- A method's head, new or brought up to date, and the version of it that holds from now on.

WITH version AS (
    INSERT INTO warehouse.scoring_version (method_code, known_from, content_sha256, definition)
    VALUES (
        %(definition)s::jsonb ->> 'method_code', clock_timestamp(), %(content_sha256)s, %(definition)s::jsonb
    )
    RETURNING definition AS said, content_sha256
)

INSERT INTO warehouse.scoring_method (
    method_code, name_vi, name_en, note_vi, note_en, valid_from, valid_to, is_default, content_sha256, definition
)
SELECT
    v.said ->> 'method_code',
    v.said ->> 'name_vi',
    v.said ->> 'name_en',
    v.said ->> 'note_vi',
    v.said ->> 'note_en',
    (v.said ->> 'valid_from')::date,
    coalesce((v.said ->> 'valid_to')::date, 'infinity'),
    (v.said ->> 'is_default')::boolean,
    v.content_sha256,
    v.said
FROM version AS v
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
