"""What of a page is free for signatures, inside the limited process."""

from itertools import pairwise

import pypdfium2

PAPER = 250  # of 255: lighter than any ink
LEAST_POINTS, MOST_POINTS = 400, 3000  # of a side: less than A5, a sheet of a metre
LEAST_BAND, EDGE = 40, 40  # points: less holds nothing; and nothing is put so near the head or the foot of a page


def free(document: pypdfium2.PdfDocument) -> list[tuple[int, int]]:
    """The bands across the last page, but for its margins, on which nothing is drawn: how far both ends are from its foot, in points; the lowest first.

    None of a page that is turned, cropped, of a size that is said for many pages at once, too small (`holds`), or so large that its points cannot be told one by one.
    """
    document.init_forms()
    if not len(document):
        return []
    page = document[len(document) - 1]
    width, height = page.get_size()
    left, bottom, right, top = page.get_mediabox()
    if page.get_rotation() or not holds(width, height) or abs(width - (right - left)) > 1 or abs(height - (top - bottom)) > 1:
        return []
    drawn = page.render(scale=1, grayscale=True).to_pil().convert("L")
    inked = [line for line in range(drawn.height) if drawn.crop((0, line, drawn.width, line + 1)).getextrema()[0] < PAPER]
    lines = [EDGE - 1, *(line for line in inked if EDGE <= line < drawn.height - EDGE), drawn.height - EDGE]
    bands = [(drawn.height - below, drawn.height - above - 1) for above, below in pairwise(lines)]
    return sorted(band for band in bands if band[1] - band[0] >= LEAST_BAND)


def holds(width: float, height: float) -> bool:
    """Whether a page of this size can hold signatures at all."""
    return min(width, height) >= LEAST_POINTS and max(width, height) <= MOST_POINTS
