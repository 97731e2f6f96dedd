"""What must hold of every file, however damaged: read or refused in time, and no value that its cell does not say."""

from __future__ import annotations

import ctypes
import html
import re
import signal
import unicodedata
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from types import FrameType
from unittest import mock

import pypdfium2 as pdfium
from pypdfium2 import raw

from etl.errors import CchcError, UnreadableFile
from etl.observations import Observation
from etl.parsing import read
from etl.parsing.formats import ocr
from tests.fuzz.reopening import OPEN
from tests.unit.parsing.rendering import CATALOGUE
from tests.unit.parsing.reopening import words_in_box

SECONDS = 20  # of one file, on the clock on the wall; pdf and xls in their own processes less (docs/reading.md)
_CANONICAL = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]*[1-9])?")
_FIGURE = re.compile(r"[-+]?[\d.,]*\d")
_MASK = CATALOGUE.phrases.masked


class TookTooLong(Exception):
    """A file was not read within SECONDS."""


@contextmanager
def _alarm() -> Iterator[None]:
    def ring(number: int, frame: FrameType | None) -> None:
        raise TookTooLong

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@contextmanager
def _without_recognition() -> Iterator[None]:
    """A page of which no letter has a meaning any more would go to Tesseract, which takes its time by right."""
    with mock.patch.object(ocr, "_program", side_effect=UnreadableFile("file_is_scan", "A scan", "Send another file")):
        yield


@dataclass
class Figures:
    """What became of the files: how they ended (by rule where refused), rows and values looked at, what was wrong."""

    ends: Counter[str] = field(default_factory=Counter)
    rows: int = 0
    values: int = 0
    wrong: list[str] = field(default_factory=list)

    def __add__(self, other: Figures) -> Figures:
        return Figures(
            self.ends + other.ends, self.rows + other.rows, self.values + other.values, self.wrong + other.wrong
        )


def meanings(said: str) -> set[Decimal]:
    """All that a cell's text may mean as a number, in any writing: told anew, by other code than the reader's."""
    text = html.unescape(re.sub(r"<[^<>]*>|\*\*|__", "", said))
    text = "".join(each for each in unicodedata.normalize("NFKC", text) if unicodedata.category(each) != "Cf")
    text = re.sub(r"[−–—‐‑]", "-", text)
    tight = re.sub(r"(?<=\d)[\s'’]+(?=\d)|(?<=\d)\s*([.,])\s*(?=\d)", r"\1", text)
    found = {number for figure in _FIGURE.findall(tight) for number in _numbers(figure)}
    parts = re.fullmatch(r"\s*([\d.,]+)\s*/\s*([\d.,]+)\D*", tight)
    if parts:
        shares = {above * 100 / below for above in _numbers(parts[1]) for below in _numbers(parts[2]) if below}
        found |= shares | {share.quantize(Decimal("0.0001")) for share in shares if abs(share) < 10**20}
    return found


def _numbers(figure: str) -> set[Decimal]:
    bare = figure.lstrip("+")
    writings = {bare.replace(",", ""), bare.replace(".", "").replace(",", "."), bare.replace(".", "").replace(",", "")}
    return {Decimal(text) for text in writings if re.fullmatch(r"-?\d*\.?\d+", text)}


def _codes(row: Observation) -> set[str]:
    """The codes of which the row's text is the word."""
    indicator = CATALOGUE.indicators.get(row.indicator_code)
    codes = CATALOGUE.code_lists.get(indicator.code_list) if indicator else None
    said = unicodedata.normalize("NFC", re.sub(r"<[^<>]*>|\*\*|__", "", row.raw_value)).casefold()
    if not codes:
        return set()
    return {
        code for code, label in codes.labels_vi.items() if label.casefold() == " ".join(said.split())
    } or codes.labels_vi.keys() & {said}


def is_said(row: Observation) -> bool:
    """Whether a reported value is in canonical form and one that its raw text can mean."""
    text = str(row.value)
    if row.value is None or not _CANONICAL.fullmatch(text) or text == "-0":
        return False
    numbers = meanings(row.raw_value)
    if row.decision == "stored, percent format":
        numbers = {number * 100 for number in numbers}
    return row.value in numbers or text in _codes(row)


def _complaints(file_format: str, content: bytes, rows: tuple[Observation, ...]) -> Iterator[str]:
    try:
        at = OPEN[file_format](content).at if file_format in OPEN else None
    except Exception as error:
        yield f"read, but other code cannot open it: {error!r}"
        return
    for row in rows:
        if (row.value is not None) != (row.status == "reported"):
            yield f"{row.location}: {row.status} with value {row.value!r}"
        elif row.value is not None and not is_said(row):
            yield f"{row.location}: {row.value!r} is no canonical form of {row.raw_value!r}"
        if _MASK in row.raw_value:
            continue
        try:
            there = at(row.location) if at else _in_box(content, row)
        except Exception as error:
            there = f"nothing ({error!r})"
        if there != row.raw_value:
            yield f"{row.location}: {row.raw_value!r} was read, {there!r} stands there"


def _in_box(content: bytes, row: Observation) -> str:
    """The words in the box of a page's cell; the raw text itself where a figure is one of them.

    On a damaged page texts lie over each other, and what was printed in one go and runs over an edge is of the cell in
    which it began: a box may hold more than its cell says, and less.
    """
    if not row.box or "\ufffd" in row.raw_value:
        return row.raw_value
    page = int(re.findall(r"\d+", row.location)[0])
    there = words_in_box(content, page, row.box)
    printed, read = (Counter(re.sub(r"[\s\x00-\x1f\ufffd-\uffff]", "", text)) for text in (there, row.raw_value))
    if row.status != "reported":
        is_said = printed == read or bool(printed & read) or not (printed and read)
    else:
        is_said = printed == read or _begun_in_box(content, page, row.box) == "".join(row.raw_value.split())
    return row.raw_value if is_said else there


def _begun_in_box(content: bytes, page: int, box: str) -> str:
    """The letters of the texts that begin in a box, wherever they end."""
    left, top, right, bottom = map(float, box.split(","))
    shown = pdfium.PdfDocument(content)[page - 1]
    text, height = shown.get_textpage(), shown.get_height()
    begun: dict[int | None, bool] = {}
    letters = []
    for index in range(raw.FPDFText_CountChars(text.raw)):
        x, y = ctypes.c_double(), ctypes.c_double()
        raw.FPDFText_GetCharOrigin(text.raw, index, x, y)
        key = ctypes.cast(raw.FPDFText_GetTextObject(text.raw, index), ctypes.c_void_p).value
        # A letter stands where its middle is: a point right of where it begins, some points above its baseline.
        is_inside = left <= x.value + 1 <= right and top <= height - y.value - 2.5 <= bottom
        if begun.setdefault(key, is_inside) and raw.FPDFText_IsGenerated(text.raw, index) != 1:
            letters.append(chr(raw.FPDFText_GetUnicode(text.raw, index)))
    return "".join("".join(letters).split())


def check(file_format: str, name: str, content: bytes) -> Figures:
    """Reads a file and looks at all that was read of it."""
    try:
        with _alarm(), _without_recognition():
            found = read(name, content, CATALOGUE)
    except CchcError as error:
        return Figures(Counter([getattr(error, "rule", type(error).__name__)]))
    except TookTooLong:
        return Figures(Counter(["hang"]), wrong=["took too long"])
    except Exception as error:
        return Figures(Counter(["crash"]), wrong=[f"crash: {type(error).__name__}: {error}"[:300]])
    wrong = list(_complaints(file_format, content, found.rows))
    values = sum(row.status == "reported" for row in found.rows)
    return Figures(Counter(["read"]), len(found.rows), values, wrong)
