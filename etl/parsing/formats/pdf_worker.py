"""Child process that opens a PDF with PDFium: stdin is the file, stdout its words and ruled lines as JSON.

    python -I pdf_worker.py MAX_PAGES   words and lines of every page, or the code of the rule that refuses the file
    python -I pdf_worker.py PAGE DPI    one page (1-based) as a greyscale picture (PGM)

Positions are in points from the top left of the page as displayed. A damaged file may crash PDFium or keep it busy:
child_process.py limits this process. PDFium runs no scripts and opens no links.
"""

from __future__ import annotations

import ctypes
import json
import sys
from collections.abc import Iterator
from itertools import islice, pairwise
from typing import Any

import pypdfium2 as pdfium
from pypdfium2 import raw

MAX_CHARACTERS = 60_000  # of a page
MAX_OBJECTS = 60_000  # of a page
MAX_SEGMENTS = 10_000  # of a path
MAX_MARKS = 600_000  # words and lines of all pages
MAX_NESTING = 9
UNKNOWN_LETTER = "\ufffd"
_THIN = 2.5  # points: a filled shape no wider is a line
_GAP_OF_WORDS = 0.18  # of the letter height: letters this far apart are two words, even without a space
_SOFT_HYPHEN = 2  # PDFium's code for a hyphen at the end of a line
_INVISIBLE = 3  # text render mode: the OCR text that scanners put under the picture
Box = tuple[float, float, float, float]  # left, top, right, bottom


def _display_matrix(page: Any) -> pdfium.PdfMatrix:
    """From page coordinates to points from the top left of the page as displayed."""
    left, bottom, right, top = page.get_cropbox()
    values = {
        0: (1, 0, 0, -1, -left, top),
        90: (0, 1, 1, 0, -bottom, -left),
        180: (-1, 0, 0, 1, right, -bottom),
        270: (0, -1, -1, 0, top, right),
    }
    return pdfium.PdfMatrix(*values[page.get_rotation()])


class _WordBuilder:
    """Joins letters, in file order, to words. A phrase is a run of words without a wide gap."""

    def __init__(self) -> None:
        self.words: list[list[Any]] = []
        self._letters: list[str] = []
        self._box: Box = (0.0, 0.0, 0.0, 0.0)
        self._baseline = 0.0
        self._phrase = 0
        self._text_object = -1

    def end_word(self) -> None:
        if self._letters:
            box = [round(edge, 2) for edge in self._box]
            self.words.append(["".join(self._letters), *box, round(self._baseline, 2), self._phrase])
        self._letters = []

    def add(self, letter: str, box: Box, baseline: float, text_object: int) -> None:
        """Continue the word, or begin another one if the letter is apart from the previous one."""
        left, top, right, bottom = box
        previous = self._box
        height = max(bottom - top, previous[3] - previous[1], 0.1)
        gap = left - previous[2]
        is_elsewhere = abs(baseline - self._baseline) > 0.5 * height or gap < -height
        if is_elsewhere or gap > _GAP_OF_WORDS * height:
            self.end_word()
        if is_elsewhere or gap > height or text_object != self._text_object:
            self._phrase += 1
        self._text_object = text_object
        if self._letters:
            box = (min(previous[0], left), min(previous[1], top), max(previous[2], right), max(previous[3], bottom))
        else:
            self._baseline = baseline
        self._box = box
        self._letters.append(letter)


def _letter(text_page: Any, index: int) -> str:
    """A letter; "" for a space, which PDFium also inserts at a gap; UNKNOWN_LETTER lest "1?5" be read as 15."""
    if raw.FPDFText_IsGenerated(text_page, index) == 1:
        return ""
    if raw.FPDFText_HasUnicodeMapError(text_page, index) == 1:
        return UNKNOWN_LETTER
    code = raw.FPDFText_GetUnicode(text_page, index)
    letter = "-" if code == _SOFT_HYPHEN else chr(code)
    return "" if not code or letter.isspace() else letter


def _read_words(page: Any, display: pdfium.PdfMatrix) -> tuple[list[list[Any]], int]:
    """The visible words of a page, and the number of letters that are invisible or unknown."""
    text_page = page.get_textpage()
    width, height = page.get_size()
    loose_box, x, y = raw.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
    builder, unreadable = _WordBuilder(), 0
    is_invisible: dict[int, bool] = {}  # by text object
    for index in range(min(text_page.count_chars(), MAX_CHARACTERS)):
        letter = _letter(text_page.raw, index)
        if not letter:
            builder.end_word()
            continue
        text_object = raw.FPDFText_GetTextObject(text_page.raw, index)
        key = ctypes.cast(text_object, ctypes.c_void_p).value or 0
        if key not in is_invisible:
            is_invisible[key] = key != 0 and raw.FPDFTextObj_GetTextRenderMode(text_object) == _INVISIBLE
        unreadable += is_invisible[key] or letter == UNKNOWN_LETTER
        raw.FPDFText_GetLooseCharBox(text_page.raw, index, loose_box)
        raw.FPDFText_GetCharOrigin(text_page.raw, index, x, y)
        box = _box(
            [display.on_point(loose_box.left, loose_box.top), display.on_point(loose_box.right, loose_box.bottom)]
        )
        is_on_page = 0 <= box[0] + box[2] <= 2 * width and 0 <= box[1] + box[3] <= 2 * height
        if is_on_page and not is_invisible[key]:
            builder.add(letter, box, display.on_point(x.value, y.value)[1], key)
    builder.end_word()
    return builder.words, unreadable


def _box(points: list[tuple[float, float]]) -> Box:
    xs, ys = zip(*points, strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def _polygons(path: Any, matrix: pdfium.PdfMatrix) -> list[list[tuple[float, float]]]:
    """The corners of the parts of a path. A curve counts as the straight line to its end."""
    polygons: list[list[tuple[float, float]]] = []
    x, y = ctypes.c_float(), ctypes.c_float()
    for index in range(min(raw.FPDFPath_CountSegments(path), MAX_SEGMENTS)):
        segment = raw.FPDFPath_GetPathSegment(path, index)
        if not raw.FPDFPathSegment_GetPoint(segment, x, y):
            continue
        if raw.FPDFPathSegment_GetType(segment) == raw.FPDF_SEGMENT_MOVETO or not polygons:
            polygons.append([])
        polygons[-1].append(matrix.on_point(x.value, y.value))
        if raw.FPDFPathSegment_GetClose(segment):
            polygons[-1].append(polygons[-1][0])
    return [points for points in polygons if len(points) > 1]


def _drawn_boxes(path: Any, matrix: pdfium.PdfMatrix) -> Iterator[Box]:
    """The boxes of the strokes of a path, or of its shapes if it is only filled."""
    fill, stroke = ctypes.c_int(), raw.FPDF_BOOL()
    if raw.FPDFPath_GetDrawMode(path, fill, stroke) and (fill.value or stroke.value):
        for points in _polygons(path, matrix):
            yield from (_box([*ends]) for ends in pairwise(points)) if stroke.value else [_box(points)]


def _matrix_on_page(item: Any, display: pdfium.PdfMatrix) -> pdfium.PdfMatrix:
    matrix = item.get_matrix()
    while item.container is not None:
        item = item.container
        matrix = matrix.multiply(item.get_matrix())
    return matrix.multiply(display)


def _read_lines(page: Any, display: pdfium.PdfMatrix) -> dict[str, Any]:
    """The ruled lines of a page (position, start and end) and the share of its area that pictures cover."""
    horizontal, vertical, picture_area = [], [], 0.0
    for item in islice(page.get_objects(max_depth=MAX_NESTING), MAX_OBJECTS):
        if item.type == raw.FPDF_PAGEOBJ_IMAGE:
            a, b, c, d, _, _ = _matrix_on_page(item, display).get()
            picture_area += abs(a * d - b * c)
        elif item.type == raw.FPDF_PAGEOBJ_PATH:
            for left, top, right, bottom in _drawn_boxes(item, _matrix_on_page(item, display)):
                width, height = right - left, bottom - top
                if height <= _THIN and width > max(2 * height, _THIN):
                    horizontal.append((round((top + bottom) / 2, 2), round(left, 2), round(right, 2)))
                elif width <= _THIN and height > max(2 * width, _THIN):
                    vertical.append((round((left + right) / 2, 2), round(top, 2), round(bottom, 2)))
    page_area = max(page.get_width() * page.get_height(), 1.0)
    return {"horizontal": horizontal, "vertical": vertical, "picture_share": round(picture_area / page_area, 3)}


def _read_page(page: Any) -> dict[str, Any]:
    display = _display_matrix(page)
    width, height = page.get_size()
    words, unreadable = _read_words(page, display)
    lines = _read_lines(page, display)
    return {
        "width": round(width, 2),
        "height": round(height, 2),
        "words": words,
        "unreadable_letters": unreadable,
        **lines,
    }


def _read_pages(document: Any, max_pages: int) -> list[dict[str, Any]] | str:
    if len(document) > max_pages:
        return "file_too_large"
    pages: list[dict[str, Any]] = []
    marks = 0
    for page in document:
        pages.append(_read_page(page))
        marks += sum(len(pages[-1][name]) for name in ("words", "horizontal", "vertical"))
        if marks > MAX_MARKS:
            return "file_too_large"
    return pages


def _write_picture(page: Any, dots_per_inch: int) -> None:
    """Write a page as a greyscale picture, without form fields."""
    bitmap = page.render(scale=dots_per_inch / 72, grayscale=True)
    stride, width, height = bitmap.stride, bitmap.width, bitmap.height
    pixels = bytes(bitmap.buffer)
    sys.stdout.buffer.write(b"P5 %d %d 255\n" % (width, height))
    for row in range(height):
        sys.stdout.buffer.write(pixels[row * stride : row * stride + width])


def main() -> None:
    try:
        document = pdfium.PdfDocument(sys.stdin.buffer.read())
    except pdfium.PdfiumError as error:
        json.dump("file_encrypted" if "assword" in str(error) else "file_damaged", sys.stdout)
        return
    if len(sys.argv) > 2:
        _write_picture(document[int(sys.argv[1]) - 1], int(sys.argv[2]))
    else:
        json.dump(_read_pages(document, int(sys.argv[1])), sys.stdout, separators=(",", ":"))


if __name__ == "__main__":
    main()
