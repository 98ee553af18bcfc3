"""Small files of every kind, made on the spot."""

import io

from PIL import Image, ImageDraw, ImageFont

TEXT = "CAFE AURORA\nLinden 5\n2025-03-14 10:15\nLatte      8.00\nCake       4.34\nTOTAL EUR 12.34\nThank you"


def picture(text: str = TEXT, size: tuple[int, int] = (560, 420)) -> Image.Image:
    """A page of print, upright."""
    image = Image.new("RGB", size, "white")
    font = ImageFont.load_default(36)
    ImageDraw.Draw(image).multiline_text((40, 30), text, "black", font, spacing=12)
    return image


def encoded(image: Image.Image, kind: str = "JPEG", **options: object) -> bytes:
    """The picture as a file."""
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def pdf(lines: list[str], pages: int = 1, box: str = "0 0 300 400") -> bytes:
    """A PDF with text, written by hand: Helvetica, one line below the other."""
    shown = " ".join(f"({line}) Tj 0 -18 Td" for line in lines)
    stream = f"BT /F1 12 Tf 20 360 Td {shown} ET".encode()
    kids = " ".join(f"{4 + index} 0 R" for index in range(pages))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {pages} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    content = 4 + pages
    objects += [
        f"<< /Type /Page /Parent 2 0 R /MediaBox [{box}] /Contents {content} 0 R "
        f"/Resources << /Font << /F1 3 0 R >> >> >>".encode()
    ] * pages
    objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, start)
    return bytes(out)
