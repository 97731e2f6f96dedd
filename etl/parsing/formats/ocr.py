"""Scanned pages: ruled lines are found in the picture, and Tesseract (an optional program) reads each cell.

On a page full of tables Tesseract overlooks lone digits, so all cells with ink are cut out and stacked as lines of one
column. Short cells are read twice, by two models and at two sizes. If the two differ, or ink gives no text, the
confidence is 0: nothing is taken for a blank.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from etl.errors import UnreadableFile
from etl.parsing.formats import scanned_image
from etl.parsing.formats.child_process import ChildProcessFailed, ProcessLimits, run, run_worker
from etl.parsing.formats.container import damaged
from etl.parsing.formats.page_words import Page, PageWord
from etl.parsing.formats.ruled_tables import RuledTable, find_ruled_tables
from etl.parsing.formats.scanned_image import Picture, PixelBox

DOTS_PER_INCH = 300
LIMITS = ProcessLimits(seconds=120, megabytes=2_048)  # of a page
MAX_PIXELS = 40_000_000
UNREAD = "?"  # text of ink that gave none
_ROMAN_NUMERAL = re.compile(r"^[Il|]{1,3}$")  # as Tesseract misreads it; as a figure it would be undecidable
_WHOLE_PAGE, _BLOCK, _SPARSE = 3, 6, 11  # page segmentation modes of Tesseract
_SHORT = 14  # letters: a cell that may be a figure
_MARGIN, _NEAR = 24, 12  # pixels: white around a cell in the stack; where its words may reach


@dataclass(frozen=True, slots=True)
class _OcrWord:
    """A word, its box in pixels, and the line that Tesseract or the stack of cells puts it in."""

    text: str
    box: PixelBox
    confidence: float
    line: tuple[str, ...]

    def to_page_word(self, scale: float, phrase: int) -> PageWord:
        left, top, right, bottom = (edge / scale for edge in self.box)
        return PageWord(self.text, left, top, right, bottom, bottom, phrase, self.confidence)


def _tesseract() -> str:
    program = shutil.which("tesseract")
    if program is None:
        raise _unreadable_scan("The PDF is a scan, and Tesseract is not installed")
    return program


def _unreadable_scan(message: str) -> UnreadableFile:
    return UnreadableFile("file_is_scan", message, "Send the report as .docx or .xlsx")


def _picture_of_page(content: bytes, page_number: int, dots_per_inch: int) -> Picture:
    data = run_worker("pdf_worker.py", [page_number, dots_per_inch], content, LIMITS)
    header, _, pixels = data.partition(b" 255\n")
    try:
        width, height = map(int, header.split()[1:])
        return np.frombuffer(pixels, dtype=np.uint8).reshape(height, width)
    except ValueError as error:
        raise damaged(f"Page {page_number} cannot be displayed") from error


def _recognise(picture: Picture, language: str, segmentation_mode: int) -> list[_OcrWord]:
    height, width = picture.shape
    options = ["-l", language, "--psm", str(segmentation_mode), "--dpi", str(DOTS_PER_INCH)]
    data = b"P5 %d %d 255\n" % (width, height) + picture.tobytes()
    try:
        output = run([_tesseract(), "stdin", "stdout", *options, "tsv"], data, LIMITS, {"OMP_THREAD_LIMIT": "1"})
    except ChildProcessFailed as error:
        raise _unreadable_scan("Tesseract failed on the scan") from error
    words = []
    for line in output.decode("utf-8", "replace").splitlines()[1:]:
        fields = line.split("\t")
        if len(fields) == 12 and fields[11].strip() and float(fields[10]) >= 0:
            left, top, word_width, word_height = map(int, fields[6:10])
            text = _ROMAN_NUMERAL.sub(lambda match: "I" * len(match[0]), fields[11].strip())
            box = (left, top, left + word_width, top + word_height)
            words.append(_OcrWord(text, box, float(fields[10]) / 100, tuple(fields[2:5])))
    return words


def _recognise_stack(
    picture: Picture, boxes: Sequence[PixelBox], language: str, *, is_enlarged: bool = False
) -> list[list[_OcrWord]]:
    """The words of each box, with their boxes on the page (not of an enlarged stack)."""
    stack, tops = scanned_image.stack(picture, boxes, _MARGIN)
    scale = 1.5 if is_enlarged else 1
    words = _recognise(scanned_image.enlarge(stack) if is_enlarged else stack, language, _BLOCK)
    by_box: list[list[_OcrWord]] = [[] for _ in boxes]
    for word in words:
        left, top, right, bottom = word.box
        middle = (top + bottom) / 2
        for number, (stack_top, box) in enumerate(zip(tops, boxes, strict=True)):
            if stack_top * scale - _NEAR <= middle < (stack_top + box[3] - box[1]) * scale + _NEAR:
                across, down = box[0] - _MARGIN, box[1] - stack_top
                on_page = (left + across, top + down, right + across, bottom + down)
                by_box[number].append(replace(word, box=on_page, line=("cell", str(number))))
                break
    return by_box


def _joined(words: Sequence[_OcrWord]) -> str:
    return "".join(word.text for word in words)


def _recognise_cells(picture: Picture, boxes: list[PixelBox]) -> list[_OcrWord]:
    """The words of the cells in these boxes; a word that the second reading does not confirm has confidence 0."""
    if not boxes:
        return []
    by_box = _recognise_stack(picture, boxes, "vie")
    short = [index for index, words in enumerate(by_box) if len(_joined(words)) <= _SHORT]
    if short:
        second = _recognise_stack(picture, [boxes[index] for index in short], "eng", is_enlarged=True)
        for index, words in zip(short, second, strict=True):
            by_box[index] = _agreed(by_box[index], words, boxes[index])
    return [word for words in by_box for word in words]


def _agreed(first: list[_OcrWord], second: list[_OcrWord], box: PixelBox) -> list[_OcrWord]:
    """What two readings of a cell agree on. Words without digits are taken from the Vietnamese model alone."""
    text, other = _joined(first), _joined(second)
    if text and (text == other or not any(letter.isdigit() for letter in text + other)):
        return first
    text = " ".join(word.text for word in first) or " ".join(word.text for word in second) or UNREAD
    return [_OcrWord(text, box, 0.0, ("unsure", *map(str, box)))]


def _boxes_with_ink(table: RuledTable, ink: Picture, scale: float) -> list[PixelBox]:
    boxes = []
    for span in sorted(set(table.spans().values())):
        left, top, right, bottom = (int(edge * scale) for edge in table.box(span))
        boxes.append(scanned_image.trim(ink, (left + 4, top + 4, right - 3, bottom - 3)))
    return [box for box in boxes if box is not None]


def recognise_page(content: bytes, number: int, width: float, height: float) -> Page:
    """A scanned page of a PDF as words with confidence and ruled lines; width and height are in points.

    Raises UnreadableFile (rule file_is_scan) if Tesseract is missing or fails.
    """
    _tesseract()
    square_inches = width / 72 * height / 72
    dots_per_inch = max(72, min(DOTS_PER_INCH, int((MAX_PIXELS / max(square_inches, 0.01)) ** 0.5)))
    if square_inches * dots_per_inch**2 > 2 * MAX_PIXELS:
        raise damaged(f"Page {number} is larger than any paper")
    picture = scanned_image.straighten(_picture_of_page(content, number, dots_per_inch))
    ink = scanned_image.find_ink(picture)
    horizontal, vertical = (scanned_image.find_horizontal_lines(lines, dots_per_inch) for lines in (ink, ink.T))
    page = Page(number, width, height, horizontal=horizontal, vertical=vertical)
    scale = dots_per_inch / 72
    boxes: list[PixelBox] = []
    rest = picture.copy()
    for table in find_ruled_tables(page):
        boxes += _boxes_with_ink(table, ink, scale)
        edges = (table.columns[0], table.rows[0], table.columns[-1], table.rows[-1])
        left, top, right, bottom = (int(edge * scale) for edge in edges)
        rest[max(top - 4, 0) : bottom + 5, max(left - 4, 0) : right + 5] = 255
    words = _recognise_cells(picture, boxes)
    if int((rest < 128).sum()) > scanned_image.MIN_INK:
        words += _recognise(rest, "vie", _SPARSE if boxes else _WHOLE_PAGE)
    phrases = {line: phrase for phrase, line in enumerate(dict.fromkeys(word.line for word in words))}
    page.words = [word.to_page_word(scale, phrases[word.line]) for word in words]
    return page
