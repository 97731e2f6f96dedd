"""A process of its own that opens one PDF with PDFium: stdin is the file, stdout its words and ruled lines as JSON.

    python -I pdf_worker.py MAX_PAGES   the words and lines of each page
    python -I pdf_worker.py PAGE DPI    a page (1-based) as a grey picture (PGM)

Places are in points from the top left of the page as it is shown. A damaged file may crash PDFium or take long; here
none of that reaches the reader (child_process.py). PDFium runs no scripts and opens no address.
"""

from __future__ import annotations

import ctypes
import json
import sys
from itertools import pairwise
from typing import Any

import pypdfium2 as pdfium
from pypdfium2 import raw

MAX_CHARACTERS = 60_000  # of a page
MAX_OBJECTS = 60_000  # of a page
MAX_MARKS = 600_000  # words and lines of all pages
_THIN = 2.5  # points: a filled shape no wider is a line
_GAP_OF_WORDS = 0.18  # of the letters' height: without a blank between them two letters this far apart are two words
_HYPHEN = 2  # PDFium's code for a hyphen at the end of a line
WITHOUT_MEANING = "\ufffd"
_INVISIBLE = 3  # text rendering mode: the recognised text that scanners lay under the picture
Matrix = tuple[float, float, float, float, float, float]
_UNIT: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


def _times(one: Matrix, other: Matrix) -> Matrix:
    """The matrix that applies `one`, then `other`."""
    a, b, c, d, e, f = one
    g, h, i, j, k, m = other
    return (a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m)


def _shown(page: Any) -> Matrix:
    """From the page's own coordinates to points from the top left of the page as it is shown."""
    left, bottom, right, top = page.get_cropbox()
    return {
        0: (1.0, 0.0, 0.0, -1.0, -left, top),
        90: (0.0, 1.0, 1.0, 0.0, -bottom, -left),
        180: (-1.0, 0.0, 0.0, 1.0, right, -bottom),
        270: (0.0, -1.0, -1.0, 0.0, top, right),
    }[page.get_rotation()]


def _moved(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


class _Words:
    """Letters in the order of the file, put together to words; a phrase is a run of words without a wide gap."""

    def __init__(self) -> None:
        self.found: list[list[Any]] = []
        self._phrase = 0
        self._letters: list[str] = []
        self._box = (0.0, 0.0, 0.0, 0.0)
        self._baseline = 0.0
        self._last_object = -1

    def close(self) -> None:
        """Ends the word, at a blank."""
        if self._letters:
            box = [round(edge, 2) for edge in self._box]
            self.found.append(["".join(self._letters), *box, round(self._baseline, 2), self._phrase])
        self._letters = []

    def add(self, letter: str, box: tuple[float, float, float, float], baseline: float, text_object: int) -> None:
        """Goes on with the word, or begins another where the letter stands apart from the one before."""
        left, top, right, bottom = box
        before = self._box
        height = max(bottom - top, before[3] - before[1], 0.1)
        gap = left - before[2]
        is_elsewhere = abs(baseline - self._baseline) > 0.5 * height or gap < -height
        if is_elsewhere or gap > _GAP_OF_WORDS * height:
            self.close()
        if is_elsewhere or gap > height or text_object != self._last_object:
            self._phrase += 1
        self._last_object = text_object
        if self._letters:
            box = (min(before[0], left), min(before[1], top), max(before[2], right), max(before[3], bottom))
        else:
            self._baseline = baseline
        self._box = box
        self._letters.append(letter)


class _TextPage:
    """The letters of a page by their index."""

    def __init__(self, page: Any, shown: Matrix) -> None:
        self._page, self._shown = page.get_textpage(), shown
        self.handle = self._page.raw
        self.count = min(raw.FPDFText_CountChars(self.handle), MAX_CHARACTERS)
        self._box, self._x, self._y = raw.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
        self._is_invisible: dict[int, bool] = {}
        self._width, self._height = page.get_size()

    def is_on_page(self, box: tuple[float, float, float, float]) -> bool:
        """Whether the middle of a letter is on the paper: nobody sees what lies beside it."""
        return bool(0 <= box[0] + box[2] <= 2 * self._width and 0 <= box[1] + box[3] <= 2 * self._height)

    def letter(self, index: int) -> str:
        """A letter; "" for a blank, which PDFium also puts where it sees a gap.

        A letter of which the file does not tell what it means is marked, lest "1?5" be read as 15.
        """
        code = raw.FPDFText_GetUnicode(self.handle, index)
        if raw.FPDFText_IsGenerated(self.handle, index) == 1:
            return ""
        if raw.FPDFText_HasUnicodeMapError(self.handle, index) == 1:
            return WITHOUT_MEANING
        letter = "-" if code == _HYPHEN else chr(code)
        return "" if not code or letter.isspace() else letter

    def text_object(self, index: int) -> int:
        """A number for the text object that shows a letter; -1 where it is invisible."""
        item = raw.FPDFText_GetTextObject(self.handle, index)
        key = ctypes.cast(item, ctypes.c_void_p).value or 0
        if key not in self._is_invisible:
            self._is_invisible[key] = bool(key) and raw.FPDFTextObj_GetTextRenderMode(item) == _INVISIBLE
        return -1 if self._is_invisible[key] else key

    def place(self, index: int) -> tuple[tuple[float, float, float, float], float]:
        """The box of a letter and its baseline."""
        raw.FPDFText_GetLooseCharBox(self.handle, index, self._box)
        raw.FPDFText_GetCharOrigin(self.handle, index, self._x, self._y)
        one = _moved(self._shown, self._box.left, self._box.top)
        other = _moved(self._shown, self._box.right, self._box.bottom)
        _, baseline = _moved(self._shown, self._x.value, self._y.value)
        return (min(one[0], other[0]), min(one[1], other[1]), max(one[0], other[0]), max(one[1], other[1])), baseline


def _words(page: Any, shown: Matrix) -> tuple[list[list[Any]], int]:
    """The visible words of a page, and how many letters are invisible or without meaning."""
    text, words, unseen = _TextPage(page, shown), _Words(), 0
    for index in range(text.count):
        letter = text.letter(index)
        if not letter:
            words.close()
            continue
        text_object = text.text_object(index)
        if text_object < 0 or letter == WITHOUT_MEANING:
            unseen += 1
        box, baseline = text.place(index)
        if text_object >= 0 and text.is_on_page(box):
            words.add(letter, box, baseline, text_object)
    words.close()
    return words.found, unseen


class _Lines:
    """The straight lines of a page, from its paths: strokes, and filled shapes that are thin."""

    def __init__(self) -> None:
        self.horizontal: list[tuple[float, float, float]] = []
        self.vertical: list[tuple[float, float, float]] = []
        self.picture_share = 0.0
        self._left = MAX_OBJECTS

    def walk(self, count: int, get: Any, matrix: Matrix, page_area: float, depth: int = 0) -> None:
        for index in range(count):
            self._left -= 1
            if self._left < 0:
                return
            item = get(index)
            kind = raw.FPDFPageObj_GetType(item)
            if kind == raw.FPDF_PAGEOBJ_FORM and depth < 8:
                inner = _times(_matrix(item), matrix)
                self.walk(
                    raw.FPDFFormObj_CountObjects(item),
                    lambda place, form=item: raw.FPDFFormObj_GetObject(form, place),
                    inner,
                    page_area,
                    depth + 1,
                )
            elif kind == raw.FPDF_PAGEOBJ_PATH:
                self._path(item, _times(_matrix(item), matrix))
            elif kind == raw.FPDF_PAGEOBJ_IMAGE:
                a, b, c, d, _, _ = _times(_matrix(item), matrix)
                self.picture_share += abs(a * d - b * c) / page_area

    def _path(self, path: Any, matrix: Matrix) -> None:
        fill, stroke = ctypes.c_int(), raw.FPDF_BOOL()
        if not raw.FPDFPath_GetDrawMode(path, fill, stroke) or not (fill.value or stroke.value):
            return
        for points in _polygons(path, matrix):
            if stroke.value:
                for (x, y), (to_x, to_y) in pairwise(points):
                    self._line(min(x, to_x), min(y, to_y), max(x, to_x), max(y, to_y))
            else:
                xs, ys = [x for x, _ in points], [y for _, y in points]
                self._line(min(xs), min(ys), max(xs), max(ys))

    def _line(self, left: float, top: float, right: float, bottom: float) -> None:
        width, height = right - left, bottom - top
        if height <= _THIN and width > max(2 * height, _THIN):
            self.horizontal.append((round((top + bottom) / 2, 2), round(left, 2), round(right, 2)))
        elif width <= _THIN and height > max(2 * width, _THIN):
            self.vertical.append((round((left + right) / 2, 2), round(top, 2), round(bottom, 2)))


def _matrix(item: Any) -> Matrix:
    found = raw.FS_MATRIX()
    if not raw.FPDFPageObj_GetMatrix(item, found):
        return _UNIT
    return (found.a, found.b, found.c, found.d, found.e, found.f)


def _polygons(path: Any, matrix: Matrix) -> list[list[tuple[float, float]]]:
    """The corners of a path's parts; a curve counts as the straight line to its end."""
    found: list[list[tuple[float, float]]] = []
    x, y = ctypes.c_float(), ctypes.c_float()
    for index in range(min(raw.FPDFPath_CountSegments(path), 10_000)):
        segment = raw.FPDFPath_GetPathSegment(path, index)
        if not raw.FPDFPathSegment_GetPoint(segment, x, y):
            continue
        if raw.FPDFPathSegment_GetType(segment) == raw.FPDF_SEGMENT_MOVETO or not found:
            found.append([])
        found[-1].append(_moved(matrix, x.value, y.value))
        if raw.FPDFPathSegment_GetClose(segment):
            found[-1].append(found[-1][0])
    return [points for points in found if len(points) > 1]


def _page(page: Any) -> dict[str, Any]:
    shown = _shown(page)
    width, height = page.get_size()
    words, unseen = _words(page, shown)
    lines = _Lines()
    lines.walk(
        raw.FPDFPage_CountObjects(page.raw),
        lambda place: raw.FPDFPage_GetObject(page.raw, place),
        shown,
        max(width * height, 1.0),
    )
    return {
        "width": round(width, 2),
        "height": round(height, 2),
        "words": words,
        "horizontal": lines.horizontal,
        "vertical": lines.vertical,
        "unseen": unseen,
        "picture": round(lines.picture_share, 3),
    }


def _pages(document: Any) -> list[dict[str, Any]] | str:
    """All pages, or that they hold more than any report."""
    pages, left = [], MAX_MARKS
    for index in range(len(document)):
        page = _page(document[index])
        left -= sum(len(page[name]) for name in ("words", "horizontal", "vertical"))
        if left < 0:
            return "too_many_words"
        pages.append(page)
    return pages


def _picture(page: Any, dots_per_inch: int) -> None:
    """Writes a page as a grey picture; no form fields, since they belong to no paper."""
    bitmap = page.render(scale=dots_per_inch / 72, grayscale=True)
    stride, width, height = bitmap.stride, bitmap.width, bitmap.height
    data = bytes(bitmap.buffer)
    sys.stdout.buffer.write(b"P5 %d %d 255\n" % (width, height))
    for row in range(height):
        sys.stdout.buffer.write(data[row * stride : row * stride + width])


def main() -> None:
    """Prints what the arguments ask for, or "encrypted", "damaged", "too_many_pages" or "too_many_words"."""
    try:
        document = pdfium.PdfDocument(sys.stdin.buffer.read())
    except pdfium.PdfiumError as error:
        json.dump("encrypted" if "assword" in str(error) else "damaged", sys.stdout)
        return
    if len(sys.argv) > 2:
        _picture(document[int(sys.argv[1]) - 1], int(sys.argv[2]))
    elif len(document) > int(sys.argv[1]):
        json.dump("too_many_pages", sys.stdout)
    else:
        json.dump(_pages(document), sys.stdout, separators=(",", ":"))


if __name__ == "__main__":
    main()
