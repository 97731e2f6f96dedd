"""The picture of a scanned page: ink, skew, ruled lines, and pictures cut out of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from etl.parsing.formats.page_words import RuledLine

Picture = Any  # a numpy array of grey values (or of booleans: ink), rows by columns
PixelBox = tuple[int, int, int, int]  # left, top, right, bottom
MIN_INK = 12  # pixels: less is dust
_MIN_LINE_INCHES = 0.3  # ink that runs straight for so long is a ruled line
_MIN_SKEW = 0.0005


def find_ink(picture: Picture) -> Picture:
    """Where a picture is darker than the grey value that best separates ink from paper (Otsu's method)."""
    counts = np.bincount(picture.ravel(), minlength=256).astype(float)
    below, sums = np.cumsum(counts), np.cumsum(counts * np.arange(256))
    above = below[-1] - below
    with np.errstate(divide="ignore", invalid="ignore"):
        variance_between = below * above * (sums / below - (sums[-1] - sums) / above) ** 2
    return picture < int(np.nan_to_num(variance_between).argmax())


def _skew(ink: Picture) -> float:
    """How far the lines of a page fall to the right (pixels down per pixel right)."""
    rows, columns = np.nonzero(ink[:, ::8])
    columns = columns * 8
    if rows.size < 500:
        return 0.0

    def sharpness(slope: float) -> float:
        shifted = np.rint(rows - columns * slope).astype(np.int64)
        return float((np.bincount(shifted - shifted.min()).astype(float) ** 2).sum())

    best = 0.0
    for step, count in ((0.002, 20), (0.0002, 10)):
        slopes = [best + step * number for number in range(-count, count + 1)]
        best = max(slopes, key=lambda slope: (sharpness(slope), -abs(slope)))
    return best


def straighten(picture: Picture) -> Picture:
    """The picture, rotated so that its lines are level. What comes in from outside is white."""
    slope = _skew(find_ink(picture))
    if abs(slope) <= _MIN_SKEW:
        return picture
    height, width = picture.shape
    rows, columns = np.indices((height, width), dtype=np.int32, sparse=True)
    source_row = np.rint(rows + (columns - width / 2) * slope).astype(np.int32)
    source_column = np.rint(columns - (rows - height / 2) * slope).astype(np.int32)
    is_inside = (source_row >= 0) & (source_row < height) & (source_column >= 0) & (source_column < width)
    rotated = picture[source_row.clip(0, height - 1), source_column.clip(0, width - 1)]
    return np.where(is_inside, rotated, 255).astype(np.uint8)


def _straight_runs(ink: Picture, min_length: int) -> Iterator[tuple[int, int, int]]:
    """Row, start and end of ink that runs straight for at least so many pixels, of which a few may be missing."""
    thick = ink.copy()  # by a pixel above and below, so that a line that is not quite straight is found
    thick[1:] |= ink[:-1]
    thick[:-1] |= ink[1:]
    sums = np.cumsum(np.pad(thick, ((0, 0), (1, 0))).astype(np.int32), axis=1)
    is_dense = (sums[:, min_length:] - sums[:, :-min_length]) >= 0.94 * min_length
    edges = np.diff(np.pad(is_dense, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    for (row, start), (_, end) in zip(np.argwhere(edges == 1), np.argwhere(edges == -1), strict=True):
        yield int(row), int(start), int(end) + min_length - 1


def find_horizontal_lines(ink: Picture, dots_per_inch: int) -> list[RuledLine]:
    """The horizontal ruled lines in points; the vertical ones if `ink` is transposed."""
    scale = 72 / dots_per_inch
    runs = _straight_runs(ink, int(_MIN_LINE_INCHES * dots_per_inch))
    return [RuledLine(row * scale, start * scale, end * scale) for row, start, end in runs]


def trim(ink: Picture, box: PixelBox) -> PixelBox | None:
    """The smallest box around the ink in a box, or None if there is none."""
    left, top, right, bottom = box
    part = ink[top:bottom, left:right]
    if part.size == 0:
        return None
    # Rows and columns that are nearly all ink are the rest of a ruled line.
    part = part & ~(part.mean(axis=1) > 0.9)[:, None] & ~(part.mean(axis=0) > 0.9)[None, :]
    if int(part.sum()) < MIN_INK:
        return None
    rows, columns = np.nonzero(part.any(axis=1))[0], np.nonzero(part.any(axis=0))[0]
    return left + int(columns[0]), top + int(rows[0]), left + int(columns[-1]) + 1, top + int(rows[-1]) + 1


def stack(picture: Picture, boxes: Sequence[PixelBox], margin: int) -> tuple[Picture, list[int]]:
    """The boxes of a picture below each other on white paper, and the top of each there. All have the left `margin`."""
    width = max(right - left for left, _, right, _ in boxes) + 2 * margin
    height = sum(bottom - top for _, top, _, bottom in boxes) + margin * (len(boxes) + 1)
    paper = np.full((height, width), 255, dtype=np.uint8)
    tops, y = [], margin
    for left, top, right, bottom in boxes:
        paper[y : y + bottom - top, margin : margin + right - left] = picture[top:bottom, left:right]
        tops.append(y)
        y += bottom - top + margin
    return paper, tops


def enlarge(picture: Picture) -> Picture:
    """The picture one and a half times as large."""
    rows, columns = (np.arange(int(size * 1.5)) * 2 // 3 for size in picture.shape)
    return picture[rows][:, columns]
