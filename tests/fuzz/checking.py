"""What must hold for every file, however damaged: it is read or refused in time, and each value is in its cell."""

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
from tests.fuzz.reopening import open_again
from tests.unit.parsing.reading_cost import report_seconds
from tests.unit.parsing.rendering import CATALOGUE
from tests.unit.parsing.reopening import words_in_box

MAX_REPORTS = 1_000  # CPU time of one file in the reader's process: of reading so many real reports
_CANONICAL = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]*[1-9])?")
_FIGURE = re.compile(r"[-+]?[\d.,]*\d")
_MASK = CATALOGUE.phrases.masked


class TookTooLong(Exception):
    """Reading a file took more than MAX_REPORTS."""


@contextmanager
def _cpu_limit() -> Iterator[None]:
    """Raise TookTooLong in the block. Counts CPU time, so that a busy machine does not matter."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise TookTooLong

    previous = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, MAX_REPORTS * report_seconds())
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, previous)


@contextmanager
def _without_ocr() -> Iterator[None]:
    """A page without a known letter would be sent to Tesseract, which is slow."""
    with mock.patch.object(
        ocr, "_tesseract", side_effect=UnreadableFile("file_is_scan", "A scan", "Send another file")
    ):
        yield


@dataclass
class Figures:
    """Results of reading files: how many were read, refused (by rule) or failed; rows, values and faults."""

    ends: Counter[str] = field(default_factory=Counter)
    rows: int = 0
    values: int = 0
    wrong: list[str] = field(default_factory=list)

    def __add__(self, other: Figures) -> Figures:
        return Figures(
            self.ends + other.ends, self.rows + other.rows, self.values + other.values, self.wrong + other.wrong
        )


def meanings(raw_text: str) -> set[Decimal]:
    """All numbers that a text may mean in any notation, by other code than the reader's."""
    text = html.unescape(re.sub(r"<[^<>]*>|\*\*|__", "", raw_text))
    text = "".join(letter for letter in unicodedata.normalize("NFKC", text) if unicodedata.category(letter) != "Cf")
    text = re.sub(r"[−–—‐‑]", "-", text)
    tight = re.sub(r"(?<=\d)[\s'’]+(?=\d)|(?<=\d)\s*([.,])\s*(?=\d)", r"\1", text)
    numbers = {number for figure in _FIGURE.findall(tight) for number in _numbers(figure)}
    parts = re.fullmatch(r"\s*([\d.,]+)\s*/\s*([\d.,]+)\D*", tight)
    if parts:
        shares = {above * 100 / below for above in _numbers(parts[1]) for below in _numbers(parts[2]) if below}
        numbers |= shares | {share.quantize(Decimal("0.0001")) for share in shares if abs(share) < 10**20}
    return numbers


def _numbers(figure: str) -> set[Decimal]:
    bare = figure.lstrip("+")
    writings = {bare.replace(",", ""), bare.replace(".", "").replace(",", "."), bare.replace(".", "").replace(",", "")}
    return {Decimal(text) for text in writings if re.fullmatch(r"-?\d*\.?\d+", text)}


def _codes(row: Observation) -> set[str]:
    """The codes whose label or code is the text of the row."""
    indicator = CATALOGUE.indicators.get(row.indicator_code)
    codes = CATALOGUE.code_lists.get(indicator.code_list) if indicator else None
    text = unicodedata.normalize("NFC", re.sub(r"<[^<>]*>|\*\*|__", "", row.raw_value)).casefold()
    if not codes:
        return set()
    return {
        code for code, label in codes.labels_vi.items() if label.casefold() == " ".join(text.split())
    } or codes.labels_vi.keys() & {text}


def is_meant(row: Observation) -> bool:
    """Whether a reported value is in canonical form and one of those that its raw text can mean."""
    text = str(row.value)
    if row.value is None or not _CANONICAL.fullmatch(text) or text == "-0":
        return False
    numbers = meanings(row.raw_value)
    if row.decision == "stored, percent format":
        numbers = {number * 100 for number in numbers}
    return row.value in numbers or text in _codes(row)


def _faults(file_format: str, content: bytes, rows: tuple[Observation, ...]) -> Iterator[str]:
    try:
        text_at = open_again(file_format, content)
    except Exception as error:
        yield f"it was read, but other code cannot open it: {error!r}"
        return
    for row in rows:
        if (row.value is not None) != (row.status == "reported"):
            yield f"{row.location}: {row.status} with value {row.value!r}"
        elif row.value is not None and not is_meant(row):
            yield f"{row.location}: {row.value!r} is not a canonical form of {row.raw_value!r}"
        if _MASK in row.raw_value:
            continue
        try:
            text = text_at(row.location) if text_at else _text_in_box(content, row)
        except Exception as error:
            text = f"nothing ({error!r})"
        if text != row.raw_value:
            yield f"{row.location}: {row.raw_value!r} was read, but it contains {text!r}"


def _text_in_box(content: bytes, row: Observation) -> str:
    """The words in the box of a cell on a page, or the raw text itself if it is among them.

    On a damaged page texts overlap, and a phrase that runs over an edge belongs to the cell in which it begins: a box
    may contain more than its cell, and less.
    """
    if not row.box or "\ufffd" in row.raw_value:
        return row.raw_value
    page = int(re.findall(r"\d+", row.location)[0])
    words = words_in_box(content, page, row.box)
    printed, raw_text = (Counter(re.sub(r"[\s\x00-\x1f\ufffd-\uffff]", "", text)) for text in (words, row.raw_value))
    if row.status != "reported":
        is_there = printed == raw_text or bool(printed & raw_text) or not (printed and raw_text)
    else:
        is_there = printed == raw_text or _begun_in_box(content, page, row.box) == "".join(row.raw_value.split())
    return row.raw_value if is_there else words


def _begun_in_box(content: bytes, page: int, box: str) -> str:
    """The letters of the texts that begin in a box, wherever they end."""
    left, top, right, bottom = map(float, box.split(","))
    pdf_page = pdfium.PdfDocument(content)[page - 1]
    text, height = pdf_page.get_textpage(), pdf_page.get_height()
    begun: dict[int | None, bool] = {}
    letters = []
    for index in range(raw.FPDFText_CountChars(text.raw)):
        x, y = ctypes.c_double(), ctypes.c_double()
        raw.FPDFText_GetCharOrigin(text.raw, index, x, y)
        key = ctypes.cast(raw.FPDFText_GetTextObject(text.raw, index), ctypes.c_void_p).value
        # The middle of a letter is about a point right of its origin and some points above its baseline.
        is_inside = left <= x.value + 1 <= right and top <= height - y.value - 2.5 <= bottom
        if begun.setdefault(key, is_inside) and raw.FPDFText_IsGenerated(text.raw, index) != 1:
            letters.append(chr(raw.FPDFText_GetUnicode(text.raw, index)))
    return "".join("".join(letters).split())


def check(file_format: str, name: str, content: bytes) -> Figures:
    """Read a file and check everything that was read."""
    try:
        with _cpu_limit(), _without_ocr():
            report = read(name, content, CATALOGUE)
    except CchcError as error:
        return Figures(Counter([getattr(error, "rule", type(error).__name__)]))
    except TookTooLong:
        return Figures(Counter(["hang"]), wrong=["took too long"])
    except Exception as error:
        return Figures(Counter(["crash"]), wrong=[f"crash: {type(error).__name__}: {error}"[:300]])
    wrong = list(_faults(file_format, content, report.rows))
    values = sum(row.status == "reported" for row in report.rows)
    return Figures(Counter(["read"]), len(report.rows), values, wrong)
