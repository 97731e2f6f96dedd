"""Scanned pages: ruled lines are found in the picture, and Tesseract (an optional program) recognises each cell.

Tesseract overlooks lone digits on a page full of tables. So every cell with ink in it is cut out and all are put under
each other, as lines of one column. Short cells are read twice, by two models and sizes; where they differ, or where ink
gave no text, the confidence is 0, and nothing is taken for a blank.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from etl.errors import UnreadableFile
from etl.parsing.formats.child_process import ChildFailed, run, run_python
from etl.parsing.formats.container import damaged
from etl.parsing.formats.page_words import Page, Word
from etl.parsing.formats.ruled_tables import Table, cells_of, tables_of

DOTS_PER_INCH = 300
SECONDS = 120  # of a page
MEGABYTES = 2_048
MAX_PIXELS = 40_000_000
# What Tesseract takes a Roman numeral for; a figure that is one would be undecidable.
_ROMAN = re.compile(r"^[Il|]{1,3}$")
# Tesseract's ways to look at a picture.
_WHOLE_PAGE, _BLOCK, _SPARSE = 3, 6, 11
UNREAD = "?"  # stands for ink that gave no text
_SHORT = 14  # letters: a cell that may be a figure
_LINE_INCHES = 0.3  # ink that runs straight for so long is a ruled line
_MARGIN = 12  # pixels around a cut-out cell
_MIN_INK = 12  # pixels: less is dust
Picture = Any  # a numpy array of grey values, rows by columns


@dataclass(frozen=True, slots=True)
class _Found:
    """A recognised word and its box in pixels."""

    text: str
    left: int
    top: int
    right: int
    bottom: int
    confidence: float
    line: tuple[str, ...] = ()


@dataclass(slots=True)
class _Strip:
    """Cut-out pieces of a page under each other: where each begins in the strip, and where it stood on the page."""

    picture: Picture
    places: list[tuple[int, int, int, int]]  # top and bottom in the strip, left and top on the page


def _program() -> str:
    program = shutil.which("tesseract")
    if program is None:
        raise UnreadableFile(
            "file_is_scan", "The PDF is a scan, and Tesseract is not installed", "Send the report as .docx or .xlsx"
        )
    return program


def _grey(content: bytes, page_number: int, dots_per_inch: int) -> Picture:
    """The picture of a page. Raises UnreadableFile where it cannot be shown."""
    arguments = [str(page_number), str(dots_per_inch)]
    try:
        data = run_python("pdf_worker.py", arguments, content, seconds=SECONDS, megabytes=MEGABYTES)
        header, _, pixels = data.partition(b" 255\n")
        width, height = map(int, header.split()[1:])
        return np.frombuffer(pixels, dtype=np.uint8).reshape(height, width)
    except (ChildFailed, ValueError) as error:
        raise damaged(f"Page {page_number} cannot be shown") from error


def _threshold(picture: Picture) -> int:
    """The grey value that parts ink from paper best (Otsu's method)."""
    counts = np.bincount(picture.ravel(), minlength=256).astype(float)
    values = np.arange(256)
    below, sums = np.cumsum(counts), np.cumsum(counts * values)
    above = below[-1] - below
    with np.errstate(divide="ignore", invalid="ignore"):
        between = below * above * (sums / below - (sums[-1] - sums) / above) ** 2
    return int(np.nan_to_num(between).argmax())


def _slope(ink: Picture) -> float:
    """By how much the lines of a page fall to the right (pixels down a pixel right)."""
    rows, columns = np.nonzero(ink[:, ::8])
    columns = columns * 8
    if rows.size < 500:
        return 0.0

    def sharpness(slope: float) -> float:
        shifted = np.rint(rows - columns * slope).astype(np.int64)
        return float((np.bincount(shifted - shifted.min()).astype(float) ** 2).sum())

    best = 0.0
    for step, count in ((0.002, 20), (0.0002, 10)):
        around = [best + step * place for place in range(-count, count + 1)]
        best = max(around, key=lambda slope: (sharpness(slope), -abs(slope)))
    return best


def _straight(picture: Picture, slope: float) -> Picture:
    """The picture turned by a small slope; what comes in from outside is paper."""
    height, width = picture.shape
    rows, columns = np.indices((height, width), dtype=np.int32, sparse=True)
    source_row = np.rint(rows + (columns - width / 2) * slope).astype(np.int32)
    source_column = np.rint(columns - (rows - height / 2) * slope).astype(np.int32)
    inside = (source_row >= 0) & (source_row < height) & (source_column >= 0) & (source_column < width)
    turned = picture[source_row.clip(0, height - 1), source_column.clip(0, width - 1)]
    return np.where(inside, turned, 255).astype(np.uint8)


def _runs(ink: Picture, least: int) -> Iterator[tuple[int, int, int]]:
    """Row, start and end of where ink runs straight for at least so many pixels; a few may be missing."""
    sums = np.cumsum(np.pad(ink, ((0, 0), (1, 0))).astype(np.int32), axis=1)
    dense = (sums[:, least:] - sums[:, :-least]) >= 0.94 * least
    edges = np.diff(np.pad(dense, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    starts, ends = np.argwhere(edges == 1), np.argwhere(edges == -1)
    for (row, start), (_, end) in zip(starts, ends, strict=True):
        yield int(row), int(start), int(end) + least - 1


def _thicker(ink: Picture) -> Picture:
    """Ink with a pixel more above and below, so that a line that is not quite straight stays one."""
    thick = ink.copy()
    thick[1:] |= ink[:-1]
    thick[:-1] |= ink[1:]
    return thick


def _lines(ink: Picture, dots: int) -> tuple[list[tuple[float, float, float]], list[tuple[float, float, float]]]:
    """The ruled lines in points, horizontal and vertical."""
    least, scale = int(_LINE_INCHES * dots), 72 / dots
    horizontal = [(row * scale, start * scale, end * scale) for row, start, end in _runs(_thicker(ink), least)]
    vertical = [(row * scale, start * scale, end * scale) for row, start, end in _runs(_thicker(ink.T), least)]
    return horizontal, vertical


def _trimmed(ink: Picture, box: tuple[int, int, int, int]) -> tuple[int, int, int, int] | None:
    """The least box around the ink in a box, without the ruled lines at its edges; None where there is none."""
    left, top, right, bottom = box
    part = ink[top:bottom, left:right]
    if part.size == 0:
        return None
    # A line at the edge, if the cut was not exact: rows and columns that are nearly all ink.
    part = part & ~(part.mean(axis=1) > 0.9)[:, None] & ~(part.mean(axis=0) > 0.9)[None, :]
    if int(part.sum()) < _MIN_INK:
        return None
    rows, columns = np.nonzero(part.any(axis=1))[0], np.nonzero(part.any(axis=0))[0]
    return left + int(columns[0]), top + int(rows[0]), left + int(columns[-1]) + 1, top + int(rows[-1]) + 1


def _strip(picture: Picture, boxes: Sequence[tuple[int, int, int, int]]) -> _Strip:
    """The boxes of a page under each other on white paper."""
    width = max(right - left for left, _, right, _ in boxes) + 4 * _MARGIN
    height = sum(bottom - top for _, top, _, bottom in boxes) + 2 * _MARGIN * (len(boxes) + 1)
    paper = np.full((height, width), 255, dtype=np.uint8)
    places, at = [], 2 * _MARGIN
    for left, top, right, bottom in boxes:
        paper[at : at + bottom - top, 2 * _MARGIN : 2 * _MARGIN + right - left] = picture[top:bottom, left:right]
        places.append((at, at + bottom - top, left - 2 * _MARGIN, top))
        at += bottom - top + 2 * _MARGIN
    return _Strip(paper, places)


def _recognise(picture: Picture, language: str, mode: int) -> list[_Found]:
    """The words that Tesseract sees, with their boxes in pixels."""
    height, width = picture.shape
    command = [_program(), "stdin", "stdout", "-l", language, "--psm", str(mode), "--dpi", str(DOTS_PER_INCH), "tsv"]
    data = b"P5 %d %d 255\n" % (width, height) + picture.tobytes()
    limits = {"OMP_THREAD_LIMIT": "1"}
    try:
        output = run(command, data, seconds=SECONDS, megabytes=MEGABYTES, environment=limits)
    except ChildFailed as error:
        raise UnreadableFile(
            "file_is_scan", "The scan could not be recognised", "Send the report as .docx or .xlsx"
        ) from error
    found = []
    for line in output.decode("utf-8", "replace").splitlines()[1:]:
        fields = line.split("\t")
        if len(fields) == 12 and fields[11].strip() and float(fields[10]) >= 0:
            left, top, wide, high = map(int, fields[6:10])
            text = _ROMAN.sub(lambda match: "I" * len(match[0]), fields[11].strip())
            found.append(_Found(text, left, top, left + wide, top + high, float(fields[10]) / 100, (*fields[2:5],)))
    return found


def _by_piece(strip: _Strip, found: Sequence[_Found]) -> list[list[_Found]]:
    """The words of each piece of a strip, placed on the page."""
    pieces: list[list[_Found]] = [[] for _ in strip.places]
    for word in found:
        middle = (word.top + word.bottom) / 2
        for number, (top, bottom, left, page_top) in enumerate(strip.places):
            if top - _MARGIN <= middle < bottom + _MARGIN:
                up = page_top - top
                edges = (word.left + left, word.top + up, word.right + left, word.bottom + up)
                pieces[number].append(_Found(word.text, *edges, word.confidence, ("piece", str(number))))
                break
    return pieces


def _said(words: Sequence[_Found]) -> str:
    return "".join(word.text for word in words)


def _doubled(picture: Picture) -> Picture:
    """The picture one and a half times as large, for a second look."""
    height, width = picture.shape
    rows, columns = (np.arange(int(size * 1.5)) * 2 // 3 for size in (height, width))
    return picture[rows][:, columns]


def _cells(picture: Picture, boxes: list[tuple[int, int, int, int]]) -> list[_Found]:
    """The words of cut-out cells; a word that a second look does not confirm, or ink without text, has confidence 0."""
    strip = _strip(picture, boxes)
    pieces = _by_piece(strip, _recognise(strip.picture, "vie", _BLOCK))
    short = [index for index, words in enumerate(pieces) if len(_said(words)) <= _SHORT]
    if short:
        strip = _strip(picture, [boxes[index] for index in short])
        places = [tuple(int(edge * 1.5) for edge in place) for place in strip.places]
        again = _Strip(_doubled(strip.picture), places)  # type: ignore[arg-type]
        for index, words in zip(short, _by_piece(again, _recognise(again.picture, "eng", _BLOCK)), strict=True):
            pieces[index] = _agreed(pieces[index], words, boxes[index])
    return [word for words in pieces for word in words]


def _agreed(first: list[_Found], second: list[_Found], box: tuple[int, int, int, int]) -> list[_Found]:
    """What two looks at a cell agree on. Words without digits count as read by the Vietnamese model alone."""
    one, other = _said(first), _said(second)
    if one and (one == other or not any(letter.isdigit() for letter in one + other)):
        return first
    text = " ".join(word.text for word in first) or " ".join(word.text for word in second) or UNREAD
    return [_Found(text, *box, 0.0, ("unsure", *map(str, box)))]


def recognised(content: bytes, page_number: int, size: tuple[float, float]) -> Page:
    """A scanned page as words with confidence and ruled lines; `size` is its width and height in points.

    Raises UnreadableFile (rule file_is_scan) where Tesseract is missing or fails.
    """
    _program()
    inches = size[0] / 72 * size[1] / 72
    dots = max(72, min(DOTS_PER_INCH, int((MAX_PIXELS / max(inches, 0.01)) ** 0.5)))
    if inches * dots * dots > 2 * MAX_PIXELS:
        raise damaged(f"Page {page_number} is larger than any paper")
    picture = _grey(content, page_number, dots)
    slope = _slope(picture < _threshold(picture))
    if abs(slope) > 0.0005:
        picture = _straight(picture, slope)
    ink = picture < _threshold(picture)
    page = Page(page_number, *size)
    page.horizontal, page.vertical = _lines(ink, dots)
    scale = dots / 72
    boxes: list[tuple[int, int, int, int]] = []
    rest = picture.copy()
    for table in tables_of(page):
        boxes += _boxes(table, ink, scale)
        edges = (table.columns[0], table.rows[0], table.columns[-1], table.rows[-1])
        left, top, right, bottom = (int(edge * scale) for edge in edges)
        rest[max(top - 4, 0) : bottom + 5, max(left - 4, 0) : right + 5] = 255
    found = _cells(picture, boxes) if boxes else []
    if int((rest < 128).sum()) > _MIN_INK:
        found += _recognise(rest, "vie", _SPARSE if boxes else _WHOLE_PAGE)
    phrases = {line: number for number, line in enumerate(dict.fromkeys(one.line for one in found))}
    page.words = [_word(phrases[one.line], one, scale) for one in found]
    return page


def _boxes(table: Table, ink: Picture, scale: float) -> list[tuple[int, int, int, int]]:
    """Where the cells of a table have ink, in pixels."""
    found = []
    for left, top, right, bottom in cells_of(table):
        inner = (int(left * scale) + 4, int(top * scale) + 4, int(right * scale) - 3, int(bottom * scale) - 3)
        box = _trimmed(ink, inner)
        if box is not None:
            found.append(box)
    return found


def _word(phrase: int, one: _Found, scale: float) -> Word:
    left, top, right, bottom = (edge / scale for edge in (one.left, one.top, one.right, one.bottom))
    return Word(one.text, left, top, right, bottom, bottom, phrase, one.confidence)
