"""Pages as pictures, for preview and for printers: the same pixels on every machine, no window system needed."""

from __future__ import annotations

import pypdfium2

from desktop.domain.papers import PagePicture


def pages(pdf: bytes, dpi: float) -> list[PagePicture]:
    """Each page drawn at `dpi` on white. Raises pypdfium2.PdfiumError where `pdf` is no PDF."""
    with pypdfium2.PdfDocument(pdf) as document:
        return [_picture(document, index, dpi / 72) for index in range(len(document))]


def _picture(document: pypdfium2.PdfDocument, index: int, scale: float) -> PagePicture:
    page = document[index]
    try:
        bitmap = page.render(scale=scale, rev_byteorder=True)
        width, height, stride = bitmap.width, bitmap.height, bitmap.stride
        raw, channels = bytes(bitmap.buffer), bitmap.n_channels
        bitmap.close()
    finally:
        page.close()
    rows = (raw[row * stride : row * stride + width * channels] for row in range(height))
    pixels = b"".join(rows)
    if channels == 4:
        packed = bytearray(width * height * 3)
        packed[0::3], packed[1::3], packed[2::3] = pixels[0::4], pixels[1::4], pixels[2::4]
        pixels = bytes(packed)
    return PagePicture(width, height, pixels)
