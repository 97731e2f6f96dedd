"""One hash of everything that the marts say: what two runs over the same files have in common, however often one was
broken off. Left out is what must differ: the moments of receipt and acceptance, and the numbers of submissions."""

from __future__ import annotations

import hashlib

from psycopg2 import sql

from etl import database
from etl.database import Connection

# A number that was drawn in a transaction that was rolled back is lost, so submissions are told by their file.
_NUMBERS = ("submission_id", "duplicate_of", "replaces", "replaced_by")
_DRAWN = ("event_number",)
_MOMENTS = ("timestamp with time zone", "timestamp without time zone")
_FIXED_MOMENTS = ("due_at",)  # from the catalogue, not from the clock


def business_columns(connection: Connection) -> dict[str, list[str]]:
    """The columns of each view of mart that depend on the files alone, as expressions over `v`."""
    rows = connection.exec_driver_sql(
        "SELECT c.relname, a.attname, format_type(a.atttypid, NULL) FROM pg_class AS c"
        " JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped"
        " WHERE c.relnamespace = 'mart'::regnamespace AND c.relkind IN ('v', 'm', 'r') ORDER BY 1, a.attnum"
    ).fetchall()
    views: dict[str, list[str]] = {}
    for view, column, kind in rows:
        expressions = views.setdefault(str(view), [])
        quoted = database.compose(connection, sql.Identifier(str(column)))
        if column in _NUMBERS:
            expressions.append(
                f"(SELECT s.file_name || s.sha256 FROM raw.submission AS s WHERE s.submission_id = v.{quoted})"
            )
        elif kind == "text":
            expressions.append(rf"regexp_replace(v.{quoted}, '( số| submission) \d+', '\1 #', 'g')")
        elif column in _DRAWN:
            continue
        elif column == "known_to":
            expressions.append("v.known_to IS NULL")
        elif kind not in _MOMENTS or column in _FIXED_MOMENTS:
            expressions.append(f"v.{quoted}")
    return views


def mart_hashes(address: str) -> dict[str, str]:
    """The hash of each view of mart, of all its rows in a fixed order, and how many there are."""
    found = {}
    with database.connect_url(address) as connection:
        connection.exec_driver_sql("SET timezone = 'Asia/Ho_Chi_Minh'")
        for view, columns in business_columns(connection).items():
            query = (
                f"SELECT count(*), coalesce(md5(string_agg(line, E'\\n' ORDER BY line)), '')"
                f' FROM (SELECT ROW({", ".join(columns)})::text COLLATE "C" AS line FROM mart.{view} AS v) AS lines'
            )
            count, digest = connection.exec_driver_sql(query).fetchone() or (0, "")
            found[view] = f"{count} rows, {digest}"
    return found


def mart_hash(address: str) -> str:
    """One hash of all views of mart."""
    return hashlib.sha256(repr(sorted(mart_hashes(address).items())).encode()).hexdigest()
