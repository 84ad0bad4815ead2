"""A file that says of itself that it is a sample."""

import io
import struct
import zlib

from reportlab.lib.pagesizes import A5
from reportlab.pdfgen.canvas import Canvas

__all__ = ["make"]


def make(ending: str) -> bytes:
    """Return a PDF page that reads "Sample", or a grey picture for picture-only materials."""
    if ending == "pdf":
        buffer = io.BytesIO()
        canvas = Canvas(buffer, pagesize=A5, invariant=1)
        canvas.setFont("Helvetica", 28)
        canvas.drawCentredString(A5[0] / 2, A5[1] / 2, "Sample")
        canvas.save()
        return buffer.getvalue()
    if ending == "png":
        return _grey_png(side=64)
    raise ValueError(f"no sample for .{ending}")


def _grey_png(*, side: int) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    rows = b"".join(b"\x00" + b"\xc8" * side for _ in range(side))
    header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
