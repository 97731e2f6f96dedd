"""The header of the appendix: which column holds what, by the words above it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from etl.catalogue import ColumnRole, Phrases
from etl.parsing.formats.grid import Grid, Row, own_cells
from etl.parsing.layout.printed_text import without_marks
from etl.text import any_word, fold

MAX_HEADER_LENGTH = 60  # letters in one header cell
_MAX_HEADER_ROWS = 4
_MAX_WRAPPED_LINES = 6
_MAX_WRAPPED_LENGTH = 80
_MIN_NUMBERED_COLUMNS = 3
_COLUMN_NUMBER = re.compile(r"^\(?\s*(?:\d{1,2}|[A-EĐ])\s*\)?(?:\s*=.*)?$")
Roles = dict[ColumnRole, list[int]]


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a table by role (0-based). `values` are all columns that may hold the period's figure."""

    label: int
    values: tuple[int, ...]
    ordinal: int | None = None
    unit: int | None = None
    note: int | None = None

    @classmethod
    def from_roles(cls, roles: Mapping[ColumnRole, Sequence[int]]) -> Columns:
        first = {role: indices[0] for role, indices in roles.items()}
        return cls(first["label"], tuple(roles["value"]), first.get("ordinal"), first.get("unit"), first.get("note"))

    def shown_in(self, grid: Grid) -> Columns:
        """The same columns without hidden value columns, unless all of them are hidden."""
        shown = tuple(index for index in self.values if index + 1 not in grid.hidden_columns)
        return replace(self, values=shown or self.values)


class HeaderFinder:
    """Recognises the header of an appendix by the words of a catalogue."""

    def __init__(self, phrases: Phrases) -> None:
        self._roles = phrases.role_of_header
        self._other_columns = re.compile(any_word(phrases.other_columns))
        self._role = lru_cache(maxsize=10_000)(self._find_role)

    def find(self, rows: Sequence[Row], index: int, *, is_lines: bool) -> tuple[Columns, int] | None:
        """The columns of a header that starts at `index`, and the index of the first row below it.

        `is_lines`: each row is a printed line, and the words of a header may run over several of them.
        """
        header = self._wrapped_header(rows, index) if is_lines else self._header(rows, index)
        if header is None:
            return None
        roles, end = header
        if end < len(rows) and _is_column_numbering(rows[end]):
            end += 1
        return Columns.from_roles(roles), end

    def starts_at(self, row: Row) -> bool:
        """Whether a row can be the first of a header. Extra columns may have any title if most are header words."""
        if not any(cell is not None and cell.text and self._role(cell.text) == "label" for cell in row.cells):
            return False
        roles = [self._role(text) for text in _texts(row)]
        named = [role for role in roles if role]
        return set(named) > {"label"} and 2 * len(named) >= len(roles)

    def _find_role(self, text: str) -> ColumnRole | None:
        if not text or len(text) > MAX_HEADER_LENGTH:
            return None
        folded = folded_text(text)
        return self._roles.get(folded) or self._roles.get(folded.strip(" .:;*()"))

    def _is_other(self, text: str) -> bool:
        """Whether a title names other figures than the period's own ("kỳ trước")."""
        folded = folded_text(text)
        return folded not in self._roles and self._other_columns.search(folded) is not None

    def _header(self, rows: Sequence[Row], index: int) -> tuple[Roles, int] | None:
        if not self.starts_at(rows[index]):
            return None
        label_columns = [place for place, cell in own_cells(rows[index]) if self._role(cell.text) == "label"]
        end = index + 1
        last = min(index + _MAX_HEADER_ROWS, len(rows))
        while end < last and self._continues(rows[end], label_columns):
            end += 1
        roles: Roles = {}
        for column in range(max(len(row.cells) for row in rows[index:end])):
            texts = _texts_above(rows[index:end], column)
            named = [role for text in texts if (role := self._role(text))]
            if named and not any(map(self._is_other, texts)):
                roles.setdefault(named[-1], []).append(column)
        return (roles, end) if "label" in roles and "value" in roles else None

    def _continues(self, row: Row, label_columns: Sequence[int]) -> bool:
        """Whether a row is part of the header above it. Below its word for labels only such a word may follow: any
        other text there is a row of the table, even if it names a plan or a total."""
        if any((text := _text(row, column)) and not self._role(text) for column in label_columns):
            return False
        texts = _texts(row)
        is_header = all(self._role(text) or (len(text) <= MAX_HEADER_LENGTH and self._is_other(text)) for text in texts)
        return bool(texts) and is_header and not self.starts_at(row)

    def _wrapped_header(self, rows: Sequence[Row], index: int) -> tuple[Roles, int] | None:
        """A header whose words run over several lines: as many lines as give every column a role."""
        header: tuple[Roles, int] | None = None
        for end in range(index + 1, min(index + _MAX_WRAPPED_LINES, len(rows)) + 1):
            roles = self._wrapped_roles(rows[index:end])
            if roles is not None:
                header = roles, end
        return header

    def _wrapped_roles(self, lines: Sequence[Row]) -> Roles | None:
        """The roles by the last words over each column: "Kết quả thống kê / Đơn vị tính" is the unit."""
        roles: Roles = {}
        for column in range(max(len(line.cells) for line in lines)):
            texts = [text for line in lines if (text := _text(line, column))]
            title = " ".join(texts)
            if not texts or (self._is_other(title) and len(title) <= _MAX_WRAPPED_LENGTH):
                continue
            role = self._last_role(texts)
            if role is None:
                return None
            roles.setdefault(role, []).append(column)
        return roles if "label" in roles and "value" in roles and len(roles) > 2 else None

    def _last_role(self, texts: Sequence[str]) -> ColumnRole | None:
        """The role of the last words, provided that the lines consist of nothing but header words."""
        for start in range(len(texts)):
            role = self._role(" ".join(texts[start:]))
            if role is not None and (start == 0 or self._last_role(texts[:start]) is not None):
                return role
        return None


@lru_cache(maxsize=16_384)
def folded_text(text: str) -> str:
    return fold(without_marks(text))


def _text(row: Row, index: int) -> str:
    cell = row.cell(index)
    return cell.text if cell is not None else ""


def _texts(row: Row) -> list[str]:
    return [cell.text for _, cell in own_cells(row) if cell.text]


def _texts_above(lines: Sequence[Row], column: int) -> list[str]:
    """The header texts over a column, from the top. A text also covers the empty cells to its right that a lower line
    divides, since text formats have no merged cells."""
    texts: list[str] = []
    for line, below in zip(lines, [*lines[1:], None], strict=True):
        text, left = _text(line, column), column
        is_divided = below is not None and bool(_text(below, column))
        while not text and left > 0 and is_divided:
            left -= 1
            text = _text(line, left)
        if text and text not in texts:
            texts.append(text)
    return texts


def _is_column_numbering(row: Row) -> bool:
    """Whether a row numbers the columns below a header: "(1) (2) (3)" or "A B 1 2 3"."""
    texts = _texts(row)
    is_numbering = all(_COLUMN_NUMBER.match(text) for text in texts)
    return is_numbering and len(texts) >= _MIN_NUMBERED_COLUMNS and len(texts) == len(set(texts))
