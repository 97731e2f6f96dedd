"""Headers whose words run over several printed lines, as on pages without ruled lines."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from etl.catalogue import ColumnRole
from etl.parsing.formats.grid import Row

_MAX_LINES = 6
_MAX_LETTERS = 80
Roles = dict[ColumnRole, list[int]]


def wrapped_header(
    rows: Sequence[Row], index: int, role: Callable[[str], ColumnRole | None], is_other: Callable[[str], bool]
) -> tuple[Roles, int] | None:
    """What the columns hold by a header that begins at `index`, and the index of the first row below it.

    A column is what the last words over it say: "Kết quả thống kê / Đơn vị tính" is the unit. The most lines of which
    every column says what it is are the header.
    """
    found: tuple[Roles, int] | None = None
    for end in range(index + 1, min(index + _MAX_LINES, len(rows)) + 1):
        roles = _roles(rows[index:end], role, is_other)
        if roles is not None:
            found = roles, end
    return found


def _roles(
    lines: Sequence[Row], role: Callable[[str], ColumnRole | None], is_other: Callable[[str], bool]
) -> Roles | None:
    roles: Roles = {}
    for column in range(max(len(line.cells) for line in lines)):
        texts = [cell.text for line in lines if (cell := line.cell(column)) is not None and cell.text]
        if not texts or (is_other(" ".join(texts)) and len(" ".join(texts)) <= _MAX_LETTERS):
            continue
        found = _last_role(texts, role)
        if found is None:
            return None
        roles.setdefault(found, []).append(column)
    return roles if "label" in roles and "value" in roles and len(roles) > 2 else None


def _last_role(texts: Sequence[str], role: Callable[[str], ColumnRole | None]) -> ColumnRole | None:
    """What the last words say, if all the texts, put together line by line, are header words one after the other."""
    for start in range(len(texts)):
        found = role(" ".join(texts[start:]))
        if found is not None and (start == 0 or _last_role(texts[:start], role) is not None):
            return found
    return None
