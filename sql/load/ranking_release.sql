-- Stores the head of a signed ranking; its rows are copied to warehouse.ranking_release_row.

INSERT INTO warehouse.ranking_release (
    period_code, method_code, known_at, draws, seed, method_sha256, units_sha256, data_sha256, ranking_sha256,
    intervals_sha256, content_sha256, engine_sha256, code_version, signed_by, reason
)
VALUES (
    %(period_code)s, %(method_code)s, %(known_at)s, %(draws)s, %(seed)s, %(method_sha256)s, %(units_sha256)s,
    %(data_sha256)s, %(ranking_sha256)s, %(intervals_sha256)s, %(content_sha256)s, %(engine_sha256)s, %(code_version)s,
    %(signed_by)s, %(reason)s
)
RETURNING release_id;
