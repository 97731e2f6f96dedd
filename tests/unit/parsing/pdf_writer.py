"""Writes PDFs letter by letter: with and without ruled lines, and scans. LibreOffice's own are among files/."""

from __future__ import annotations

import textwrap
import zlib
from collections.abc import Iterator, Sequence

from tests.unit.parsing.rendering import Report

PAGE = (595, 842)
LEFT, TOP, BOTTOM = 40.0, 40.0, 800.0
FONT_SIZE, LINE_HEIGHT, LETTER_WIDTH = 9.0, 11.0, 0.5  # letters are half as wide as high
COLUMN_WIDTHS = (26, 170, 90, 70, 155)


class Pdf:
    """Pages of letters and lines. One font, not embedded, with a table of what each of its codes means."""

    def __init__(self) -> None:
        self._pages: list[list[str]] = [[]]
        self._codes: dict[str, int] = {}
        self._pictures: list[tuple[int, int, bytes]] = []

    def new_page(self) -> None:
        self._pages.append([])

    def _code(self, letter: str) -> str:
        return f"{self._codes.setdefault(letter, len(self._codes) + 1):04x}"

    def write(self, x: float, y: float, text: str) -> None:
        """Text with its baseline at y points from the top."""
        codes = "".join(self._code(letter) for letter in text)
        self._pages[-1].append(f"BT /F1 {FONT_SIZE} Tf 1 0 0 1 {x:.2f} {PAGE[1] - y:.2f} Tm <{codes}> Tj ET")

    def picture(self, width: int, height: int, grey: bytes, size: tuple[float, float]) -> None:
        """A page that is nothing but a picture."""
        if self._pages[-1]:
            self.new_page()
        self._pages[-1].append(
            f"{size[0]:.2f} 0 0 {size[1]:.2f} 0 {PAGE[1] - size[1]:.2f} cm /Im{len(self._pictures)} Do"
        )
        self._pictures.append((width, height, zlib.compress(grey)))

    def line(self, x: float, y: float, to_x: float, to_y: float) -> None:
        self._pages[-1].append(f"0.5 w {x:.2f} {PAGE[1] - y:.2f} m {to_x:.2f} {PAGE[1] - to_y:.2f} l S")

    def _meanings(self) -> str:
        pairs = [f"<{code:04x}> <{letter.encode('utf-16-be').hex()}>" for letter, code in self._codes.items()]
        parts = [
            f"{len(part)} beginbfchar\n" + "\n".join(part) + "\nendbfchar"
            for part in (pairs[at : at + 100] for at in range(0, len(pairs), 100))
        ]
        return (
            "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Own def /CMapType 2 def\n"
            "1 begincodespacerange <0000> <ffff> endcodespacerange\n" + "\n".join(parts) + "\nendcmap end end"
        )

    def _objects(self) -> Iterator[bytes]:
        kids = " ".join(f"{7 + 2 * number} 0 R" for number in range(len(self._pages)))
        yield b"<</Type/Catalog/Pages 2 0 R>>"
        yield f"<</Type/Pages/Count {len(self._pages)}/Kids[{kids}]>>".encode()
        yield b"<</Type/Font/Subtype/Type0/BaseFont/Own/Encoding/Identity-H/DescendantFonts[4 0 R]/ToUnicode 6 0 R>>"
        yield (
            b"<</Type/Font/Subtype/CIDFontType2/BaseFont/Own/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)"
            b"/Supplement 0>>/FontDescriptor 5 0 R/DW %d>>" % (1000 * LETTER_WIDTH)
        )
        yield (
            b"<</Type/FontDescriptor/FontName/Own/Flags 4/FontBBox[0 -200 500 900]/ItalicAngle 0/Ascent 900"
            b"/Descent -200/CapHeight 700/StemV 80>>"
        )
        yield _stream(self._meanings().encode())
        first = 7 + 2 * len(self._pages)
        pictures = "".join(f"/Im{number} {first + number} 0 R" for number in range(len(self._pictures)))
        for number, page in enumerate(self._pages):
            yield (
                f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {PAGE[0]} {PAGE[1]}]/Contents {8 + 2 * number} 0 R"
                f"/Resources<</Font<</F1 3 0 R>>/XObject<<{pictures}>>>>>>"
            ).encode()
            yield _stream("\n".join(page).encode())
        for width, height, packed in self._pictures:
            yield (
                b"<</Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceGray/BitsPerComponent 8"
                b"/Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (width, height, len(packed), packed)
            )

    def saved(self) -> bytes:
        out = bytearray(b"%PDF-1.5\n")
        places = []
        for number, body in enumerate(self._objects(), 1):
            places.append(len(out))
            out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
        start = len(out)
        out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1)
        out += b"".join(b"%010d 00000 n \n" % place for place in places)
        out += b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(places) + 1, start)
        return bytes(out)


def _stream(data: bytes) -> bytes:
    packed = zlib.compress(data)
    return b"<</Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (len(packed), packed)


def _wrapped(text: str, width: float) -> list[str]:
    letters = max(int((width - 6) / (FONT_SIZE * LETTER_WIDTH)), 4)
    return textwrap.wrap(text, letters, break_long_words=False, break_on_hyphens=False) or [""]


def to_pdf(report: Report, *, ruled: bool = True, cut: bool = True) -> bytes:
    """Text, then the table over as many pages as it takes; with `cut` a row may be cut in two at a page's end."""
    pdf, y = Pdf(), TOP
    for text in (*report.head, *report.title):
        for line in textwrap.wrap(text, 100):
            y += 14
            pdf.write(LEFT, y, line)
    y += 20
    edges = [LEFT]
    for place in report.order:
        edges.append(edges[-1] + COLUMN_WIDTHS[place])
    gap = 0.0 if ruled else 4.0
    for row in report.table():
        cells = [_wrapped(text, right - left) for text, left, right in zip(row, edges, edges[1:], strict=False)]
        height = max(map(len, cells)) * LINE_HEIGHT + 4
        if y + height > BOTTOM and (not cut or y + LINE_HEIGHT + 8 > BOTTOM):
            pdf.new_page()
            y = TOP
        while any(cells):
            lines_left = int((BOTTOM - y - 4) / LINE_HEIGHT)
            part = max(min(max(map(len, cells)), lines_left), 1)
            bottom = y + part * LINE_HEIGHT + 4
            _draw(pdf, edges, y, bottom, [cell[:part] for cell in cells], ruled=ruled)
            cells = [cell[part:] for cell in cells]
            y = bottom + gap
            if any(cells):
                pdf.new_page()
                y = TOP
    return pdf.saved()


def _draw(pdf: Pdf, edges: list[float], top: float, bottom: float, cells: list[list[str]], *, ruled: bool) -> None:
    for left, lines in zip(edges, cells, strict=False):
        for number, line in enumerate(lines, 1):
            if line:
                pdf.write(left + 3, top + number * LINE_HEIGHT - 1, line)
    if ruled:
        pdf.line(edges[0], top, edges[-1], top)
        pdf.line(edges[0], bottom, edges[-1], bottom)
        for edge in edges:
            pdf.line(edge, top, edge, bottom)


def to_unruled_pdf(report: Report) -> bytes:
    return to_pdf(report, ruled=False)


def scanned(pdf: bytes, *, dots_per_inch: int = 200, slope: float = 0.0, pages: Sequence[int] = ()) -> bytes:
    """A PDF of pictures of a PDF's pages (0-based; none: all), turned by a small slope, as a scanner makes them."""
    import numpy as np
    import pypdfium2 as pdfium

    document = pdfium.PdfDocument(pdf)
    found = Pdf()
    for place in pages or range(len(document)):
        picture = document[place].render(scale=dots_per_inch / 72, grayscale=True).to_numpy()
        picture = picture.reshape(picture.shape[:2])
        rows, columns = np.indices(picture.shape)
        height, width = picture.shape
        source = (rows + (columns - width / 2) * slope).round().astype(int).clip(0, height - 1)
        across = (columns - (rows - height / 2) * slope).round().astype(int).clip(0, width - 1)
        grain = np.random.default_rng(7).normal(0, 6, picture.shape)
        grey = (picture[source, across] * 0.9 + 16 + grain).clip(0, 255).astype("uint8")
        found.picture(width, height, grey.tobytes(), document[place].get_size())
    return found.saved()
