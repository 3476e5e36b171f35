"""Builds documents that mean harm or are broken, small ones, and what must be said of each.

    .venv/bin/python tests/corpus/hostile/build.py

expected/ says of each the findings of which one must be given (none named: none is asked for), the
figures that can be read all the same (null: not judged), and the most seconds and megabytes that
reading may take.
"""

from __future__ import annotations

import hashlib
import io
import random
import re
import struct
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "blind"))

from blinddocx import STAMP, write_docx  # noqa: E402 its folder is known only now

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
NOT_READABLE = ["unreadable-file", "truncated-file", "xml-fault", "part-missing", "damaged-file"]
TOO_MUCH = ["archive-limit", "limit-exceeded", "file-too-large", "xml-fault", "unreadable-file"]
PAGE_LOST = ["page-unreadable", "page-too-complex", "page-without-text"]
SECONDS, MEGABYTES = 60, 1536
MOST_BYTES = 300_000

REPORT: dict[str, Any] = {
    "body": [
        {
            "pair": {
                "left": "UBND THỊ XÃ SÔNG CẦU\n**UBND XÃ XUÂN LÂM**\nSố: 150/BC-UBND",
                "right": "**CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM**\n"
                "**Độc lập - Tự do - Hạnh phúc**\n"
                "__Xuân Lâm, ngày 10 tháng 12 năm 2024__",
            }
        },
        """= BÁO CÁO

        = Kết quả xây dựng xã hội học tập năm 2024

        Toàn xã có 1.210/1.640 hộ đạt danh hiệu “Gia đình học tập”.""",
        {
            "grid": "TT | Nội dung | Tổng số (hộ) | Số đạt (hộ)\n"
            "1 | Hộ đạt danh hiệu Gia đình học tập | 1.640 | 1.210",
        },
    ],
}
"""The harmless report that much of the harm is built around."""


# --- containers -----------------------------------------------------------------------------------


def zipped(members: Iterable[tuple[str, bytes | Iterable[bytes]]]) -> bytes:
    """A zip of the members; an iterable of bytes is deflated piece by piece."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, data in members:
            info = zipfile.ZipInfo(name, STAMP)
            info.compress_type = zipfile.ZIP_DEFLATED
            with archive.open(info, "w", force_zip64=False) as stream:
                for piece in [data] if isinstance(data, bytes) else data:
                    stream.write(piece)
    return target.getvalue()


def report() -> bytes:
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "report.docx"
        write_docx({**REPORT, "file": path.name}, path)
        return path.read_bytes()


def members(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def changed(change: Callable[[dict[str, bytes]], None]) -> bytes:
    """The report after a change to its parts."""
    parts = members(report())
    change(parts)
    return zipped(parts.items())


def word(body: Iterable[bytes] | bytes, before: bytes = b"") -> bytes:
    """The least .docx around a body."""
    pieces = [body] if isinstance(body, bytes) else body

    def document() -> Iterable[bytes]:
        yield b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>' + before
        yield f'<w:document xmlns:w="{WORD}"><w:body>'.encode()
        yield from pieces
        yield b"</w:body></w:document>"

    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    return zipped(
        [
            ("[Content_Types].xml", content_types({"/word/document.xml": kind})),
            ("_rels/.rels", relations([("officeDocument", "word/document.xml", "")])),
            ("word/document.xml", document()),
        ]
    )


def content_types(parts: dict[str, str]) -> bytes:
    overrides = "".join(
        f'<Override PartName="{name}" ContentType="{kind}"/>' for name, kind in parts.items()
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f"{overrides}</Types>"
    ).encode()


def relations(entries: list[tuple[str, str, str]]) -> bytes:
    """(type, target, mode) as the relationships of a part, rId1 and on."""
    lines = "".join(
        f'<Relationship Id="rId{number}" Type="{RELATIONS}/{kind}" Target="{target}"'
        f"{f' TargetMode={mode!r}' if mode else ''}/>"
        for number, (kind, target, mode) in enumerate(entries, 1)
    )
    return f'<Relationships xmlns="{PACKAGE_RELATIONS}">{lines}</Relationships>'.encode()


def workbook(
    sheet: Iterable[bytes] | bytes,
    strings: bytes | None = None,
    extra: Iterable[tuple[str, bytes]] = (),
) -> bytes:
    """The least .xlsx around a worksheet's XML."""
    base = "application/vnd.openxmlformats-officedocument.spreadsheetml."
    kinds = {
        "/xl/workbook.xml": base + "sheet.main+xml",
        "/xl/worksheets/sheet1.xml": base + "worksheet+xml",
    }
    links = [("worksheet", "worksheets/sheet1.xml", "")]
    if strings is not None:
        kinds["/xl/sharedStrings.xml"] = base + "sharedStrings+xml"
        links.append(("sharedStrings", "sharedStrings.xml", ""))
        extra = [*extra, ("xl/sharedStrings.xml", strings)]
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    book = (
        f'<workbook xmlns="{main}" xmlns:r="{RELATIONS}">'
        '<sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>'
    )
    return zipped(
        [
            ("[Content_Types].xml", content_types(kinds)),
            ("_rels/.rels", relations([("officeDocument", "xl/workbook.xml", "")])),
            ("xl/workbook.xml", book.encode()),
            ("xl/_rels/workbook.xml.rels", relations(links)),
            ("xl/worksheets/sheet1.xml", sheet),
            *extra,
        ]
    )


def worksheet(rows: Iterable[bytes], after: bytes = b"", used: str = "A1:B3") -> Iterable[bytes]:
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    yield f'<worksheet xmlns="{main}"><dimension ref="{used}"/><sheetData>'.encode()
    yield from rows
    yield b"</sheetData>" + after + b"</worksheet>"


def pdf(objects: dict[int, bytes], trailer: bytes = b"") -> bytes:
    """A PDF of numbered objects; object 1 is its catalogue."""
    data = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
    places = {}
    for number, content in objects.items():
        places[number] = len(data)
        data += f"{number} 0 obj\n".encode() + content + b"\nendobj\n"
    start, size = len(data), max(objects) + 1
    table = [f"xref\n0 {size}\n0000000000 65535 f \n"]
    table += [
        f"{places[number]:010} 00000 n \n" if number in places else "0000000000 00000 f \n"
        for number in range(1, size)
    ]
    data += "".join(table).encode()
    return data + (
        f"trailer\n<< /Size {size} /Root 1 0 R ".encode()
        + trailer
        + f" >>\nstartxref\n{start}\n%%EOF\n".encode()
    )


def stream(data: bytes, entries: bytes = b"") -> bytes:
    head = b"<< /Length " + str(len(data)).encode() + b" " + entries + b" >>\nstream\n"
    return head + data + b"\nendstream"


def page_with(contents: bytes, page: bytes = b"") -> dict[int, bytes]:
    return {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> " + page + b" >>",
        4: contents,
        5: b"<< /Type /Font /Subtype /Type1 /BaseFont /Times-Roman >>",
    }


def compound(streams: dict[str, bytes]) -> bytes:
    """An OLE2 file of small streams: one FAT sector, one directory of one sector a few entries."""
    sector, end = 512, 0xFFFFFFFE
    padded = {name: data.ljust(4096, b"\0") for name, data in streams.items()}
    fat: list[int] = [0xFFFFFFFD]
    directory_sectors = (len(padded) + 1 + 3) // 4
    fat += [*range(2, directory_sectors + 1), end]
    starts, body = {}, b""
    for name, data in padded.items():
        starts[name] = len(fat)
        count = -(-len(data) // sector)
        fat += [*range(len(fat) + 1, len(fat) + count), end]
        body += data.ljust(count * sector, b"\0")

    def entry(name: str, kind: int, child: int, right: int, start: int, size: int) -> bytes:
        coded = (name + "\0").encode("utf-16-le")
        return (
            coded.ljust(64, b"\0")
            + struct.pack("<HBB", len(coded), kind, 1)
            + struct.pack("<III", 0xFFFFFFFF, right, child)
            + bytes(36)
            + struct.pack("<IQ", start, size)
        )

    entries = [entry("Root Entry", 5, 1, 0xFFFFFFFF, end, 0)]
    for number, (name, data) in enumerate(padded.items(), 1):
        right = number + 1 if number < len(padded) else 0xFFFFFFFF
        entries.append(entry(name, 2, 0xFFFFFFFF, right, starts[name], len(data)))
    directory = b"".join(entries).ljust(directory_sectors * sector, b"\0")
    table = b"".join(struct.pack("<I", one) for one in fat).ljust(sector, b"\xff")
    header = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + bytes(16)
        + struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
        + struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, end, 0, end, 0)
        + struct.pack("<I", 0)
    ).ljust(sector, b"\xff")
    return header + table + directory + body


# --- the documents --------------------------------------------------------------------------------


def spaces(megabytes: int) -> Iterable[bytes]:
    for _ in range(megabytes):
        yield b" " * 2**20


def word_bomb() -> bytes:
    return word([b"<w:p><w:r><w:t>", *spaces(270), b"</w:t></w:r></w:p>"])


def sheet_bomb() -> bytes:
    return workbook(worksheet(spaces(270)))


def many_parts() -> bytes:
    """Three thousand parts of a megabyte each that share their bytes: entries that overlap."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    piece = bytes(2**20)
    packed = packer.compress(piece) + packer.flush()
    parts = members(report())
    parts["word/media/a.bin"] = piece
    data = zipped(parts.items())
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        start = archive.getinfo("word/media/a.bin").header_offset
        central = archive.start_dir
    entries = data[central : data.rindex(b"PK\5\6")]
    copies = b"".join(
        struct.pack(
            "<IHHHHHHIIIHHHHHII",
            0x02014B50,
            *(20, 20, 0, 8, 0, 0x5A21),
            zlib.crc32(piece),
            len(packed),
            len(piece),
            *(len(name), 0, 0, 0, 0, 0),
            start,
        )
        + name
        for name in (f"word/media/{number:04}.bin".encode() for number in range(3000))
    )
    count = len(parts) + 3000
    size = len(entries) + len(copies)
    ending = struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, count, count, size, central, 0)
    return data[:central] + entries + copies + ending


def laughs() -> bytes:
    entities = '<!ENTITY a0 "ha">' + "".join(
        f'<!ENTITY a{number} "{f"&a{number - 1};" * 10}">' for number in range(1, 10)
    )
    doctype = f"<!DOCTYPE w:document [{entities}]>".encode()
    return word(b"<w:p><w:r><w:t>&a9;</w:t></w:r></w:p>", doctype)


def outside_entity() -> bytes:
    doctype = b'<!DOCTYPE x [<!ENTITY secret SYSTEM "file:///etc/hostname">]>'
    return word(b"<w:p><w:r><w:t>&secret;</w:t></w:r></w:p>", doctype)


def typed_by_doctype() -> bytes:
    """The DOCTYPE stands in the part that tells the type."""
    doctype = b'<!DOCTYPE Types [<!ENTITY x SYSTEM "http://192.0.2.1/x">]><Types'

    def change(parts: dict[str, bytes]) -> None:
        name = "[Content_Types].xml"
        parts[name] = parts[name].replace(b"<Types", doctype, 1)

    return changed(change)


def deep_word() -> bytes:
    depth = 60_000
    return word([b"<w:sdt><w:sdtContent>" * depth, b"</w:sdtContent></w:sdt>" * depth])


def deep_tables() -> bytes:
    """Tables in tables, a few hundred deep: XML that a parser takes, recursion that it may not."""
    depth = 60
    start = b"<w:tbl><w:tr><w:tc>"
    stop = b"<w:p/></w:tc></w:tr></w:tbl>"
    return word([start * depth, stop * depth])


def wide_spans() -> bytes:
    """Cells that claim to span a thousand million columns and rows that skip as many."""
    span = b'<w:tcPr><w:gridSpan w:val="1000000000"/></w:tcPr>'
    skip = b'<w:trPr><w:gridBefore w:val="2147483647"/></w:trPr>'
    cell = b"<w:tc>" + span + b"<w:p><w:r><w:t>12</w:t></w:r></w:p></w:tc>"
    return word(b"<w:tbl><w:tr>" + skip + cell + cell + b"</w:tr></w:tbl><w:p/>")


def number_storm() -> bytes:
    """Paragraphs that make rules of digits, marks and dates go back and forth."""
    storms = ["1." * 20_000, "1/" * 20_000, "12/2024 - " * 4000, "ngày " * 20_000, "((" * 20_000]
    return word(f"<w:p><w:r><w:t>{storm}</w:t></w:r></w:p>".encode() for storm in storms)


def linked() -> bytes:
    """A picture, a hyperlink and a template that lie on other machines."""

    def change(parts: dict[str, bytes]) -> None:
        name = "word/_rels/document.xml.rels"
        links = (
            ("image", "http://192.0.2.1/pixel.png"),
            ("hyperlink", "http://192.0.2.1/xem-them"),
            ("image", "file://///192.0.2.1/share/anh.png"),
        )
        added = "".join(
            f'<Relationship Id="rIdX{number}" Type="{RELATIONS}/{kind}" Target="{target}" '
            'TargetMode="External"/>'
            for number, (kind, target) in enumerate(links)
        )
        parts[name] = parts[name].replace(b"</Relationships>", f"{added}</Relationships>".encode())

    return changed(change)


def with_template() -> bytes:
    def change(parts: dict[str, bytes]) -> None:
        parts["word/_rels/settings.xml.rels"] = relations(
            [("attachedTemplate", "http://192.0.2.1/mau.dotm", "External")]
        )
        settings = parts["word/settings.xml"]
        attached = f'<w:attachedTemplate xmlns:r="{RELATIONS}" r:id="rId1"/></w:settings>'
        parts["word/settings.xml"] = settings.replace(b"</w:settings>", attached.encode())

    return changed(change)


def with_chunk() -> bytes:
    """A piece of HTML to be put in by whoever opens the document."""

    def change(parts: dict[str, bytes]) -> None:
        relation = (
            f'<Relationship Id="rIdA" Type="{RELATIONS}/aFChunk" Target="/word/a.html"/>'
            "</Relationships>"
        )
        name = "word/_rels/document.xml.rels"
        parts[name] = parts[name].replace(b"</Relationships>", relation.encode())
        default = b'<Default Extension="html" ContentType="text/html"/></Types>'
        types = parts["[Content_Types].xml"]
        parts["[Content_Types].xml"] = types.replace(b"</Types>", default)
        parts["word/a.html"] = b"<html><img src='http://192.0.2.1/x'><script>1</script></html>"
        body = parts["word/document.xml"]
        chunk = f'<w:altChunk xmlns:r="{RELATIONS}" r:id="rIdA"/>'.encode()
        parts["word/document.xml"] = re.sub(rb"(<w:sectPr)", chunk + rb"\1", body, count=1)

    return changed(change)


def with_object() -> bytes:
    """An OLE package in the text, and a field that starts a program."""

    def change(parts: dict[str, bytes]) -> None:
        relation = (
            f'<Relationship Id="rIdO" Type="{RELATIONS}/oleObject" Target="embeddings/o1.bin"/>'
            "</Relationships>"
        )
        name = "word/_rels/document.xml.rels"
        parts[name] = parts[name].replace(b"</Relationships>", relation.encode())
        default = (
            b'<Default Extension="bin" '
            b'ContentType="application/vnd.openxmlformats-officedocument.oleObject"/></Types>'
        )
        types = parts["[Content_Types].xml"]
        parts["[Content_Types].xml"] = types.replace(b"</Types>", default)
        parts["word/embeddings/o1.bin"] = compound({"\1Ole10Native": b"MZ not a program"})
        holder = (
            '<w:p><w:r><w:object><o:OLEObject xmlns:o="urn:schemas-microsoft-com:office:office" '
            f'xmlns:r="{RELATIONS}" Type="Embed" ProgID="Package" r:id="rIdO"/></w:object></w:r>'
            '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
            '<w:r><w:instrText>DDEAUTO cmd "/c calc"</w:instrText></w:r>'
            '<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
        )
        body = parts["word/document.xml"]
        parts["word/document.xml"] = re.sub(
            rb"(<w:sectPr)", holder.encode() + rb"\1", body, count=1
        )

    return changed(change)


def climbing() -> bytes:
    """Parts whose names climb out of wherever they are unpacked."""

    def change(parts: dict[str, bytes]) -> None:
        parts["../../../../tmp/hopnhat-climbed"] = b"x"
        parts["/etc/hopnhat-climbed"] = b"x"

    return changed(change)


def encrypted_word() -> bytes:
    """What Word makes of a document with a password: the package lies enciphered in OLE2."""
    chance = random.Random(5)
    information = struct.pack("<HHI", 4, 4, 0x40) + b"<encryption/>"
    package = struct.pack("<Q", 4000) + chance.randbytes(4080)
    return compound({"EncryptionInfo": information, "EncryptedPackage": package})


def encrypted_pdf() -> bytes:
    """RC4 of 40 bits with a user's password, as the format's first revision has it."""
    fill = bytes.fromhex("28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a")
    identity = b"0123456789abcdef"
    owner = rc4(hashlib.md5((b"chu" + fill)[:32]).digest()[:5], (b"xa" + fill)[:32])
    key = hashlib.md5((b"xa" + fill)[:32] + owner + struct.pack("<i", -4) + identity).digest()[:5]
    user = rc4(key, fill)
    text = b"BT /F1 14 Tf 72 700 Td (12/15 thon) Tj ET"
    own = hashlib.md5(key + b"\4\0\0\0\0").digest()[:10]
    objects = page_with(stream(rc4(own, text)))
    objects[6] = (
        b"<< /Filter /Standard /V 1 /R 2 /P -4 /O <"
        + owner.hex().encode()
        + b"> /U <"
        + user.hex().encode()
        + b"> >>"
    )
    marks = b"<" + identity.hex().encode() + b">"
    return pdf(objects, b"/Encrypt 6 0 R /ID [" + marks + marks + b"]")


def rc4(key: bytes, data: bytes) -> bytes:
    box = list(range(256))
    j = 0
    for i in range(256):
        j = (j + box[i] + key[i % len(key)]) % 256
        box[i], box[j] = box[j], box[i]
    i = j = 0
    out = bytearray()
    for byte in data:
        i = (i + 1) % 256
        j = (j + box[i]) % 256
        box[i], box[j] = box[j], box[i]
        out.append(byte ^ box[(box[i] + box[j]) % 256])
    return bytes(out)


def cut_pdf() -> bytes:
    """A PDF whose second half never arrived; its pages stood there."""
    noise = random.Random(7).randbytes(6000)
    objects = {9: stream(noise), **page_with(stream(b"BT ET"))}
    data = pdf(objects)
    return data[:4000]


def page_loop() -> bytes:
    return pdf(
        {
            1: b"<< /Type /Catalog /Pages 2 0 R >>",
            2: b"<< /Type /Pages /Kids [3 0 R 2 0 R] /Count 1000000 /Parent 3 0 R >>",
            3: b"<< /Type /Pages /Kids [2 0 R 3 0 R] /Count 1000000 /Parent 2 0 R >>",
        }
    )


def pdf_bomb() -> bytes:
    """Contents deflated twice: a few kilobytes hold a gigabyte of spaces."""
    packer = zlib.compressobj(9)
    once = b"".join(packer.compress(piece) for piece in spaces(1024)) + packer.flush()
    twice = zlib.compress(once, 9)
    return pdf(page_with(stream(twice, b"/Filter [/FlateDecode /FlateDecode]")))


def path_storm() -> bytes:
    """Three hundred thousand ruled lines on one page."""
    lines = b"0 0 m 595 842 l S\n" * 300_000
    return pdf(page_with(stream(zlib.compress(lines, 9), b"/Filter /FlateDecode")))


def form_bomb() -> bytes:
    """Forms that draw the next one ten times each, nine deep."""
    objects = page_with(stream(b"/X0 Do"), b"")
    objects[3] = objects[3].replace(b"/Font", b"/XObject << /X0 10 0 R >> /Font")
    for depth in range(9):
        draw = f"/X{depth + 1} Do ".encode() * 10
        inner = f"/Resources << /XObject << /X{depth + 1} {11 + depth} 0 R >> >>".encode()
        kind = b"/Type /XObject /Subtype /Form /BBox [0 0 595 842] "
        objects[10 + depth] = stream(draw, kind + inner)
    objects[19] = stream(b"0 0 m 9 9 l S", b"/Type /XObject /Subtype /Form /BBox [0 0 595 842]")
    return pdf(objects)


def deep_pdf() -> bytes:
    return pdf(page_with(stream(b"BT ET"), b"/Deep " + b"[" * 100_000 + b"]" * 100_000))


def active_pdf() -> bytes:
    """Scripts, a program to start and a page to fetch when the file is opened."""
    objects = page_with(stream(b"BT /F1 14 Tf 72 700 Td (Bao cao) Tj ET"))
    objects[1] = (
        b"<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /JavaScript /JS (app.alert(1)) >>"
        b" /AA << /WC << /S /Launch /F (calc.exe) >> >> >>"
    )
    return pdf(objects)


def wide_picture() -> bytes:
    """A PNG of 40.000 x 40.000 points."""
    size = 40_000
    packer = zlib.compressobj(9)
    row = bytes(1 + size // 8)
    data = b"".join(packer.compress(row) for _ in range(size)) + packer.flush()

    def chunk(name: bytes, content: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(name + content))
        return struct.pack(">I", len(content)) + name + content + check

    head = struct.pack(">IIBBBBB", size, size, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def looping_tiff() -> bytes:
    """A TIFF whose first page is followed by its first page."""
    entries = [(256, 8), (257, 8), (258, 1), (259, 1), (262, 0), (273, 200), (277, 1), (279, 8)]
    directory = struct.pack("<H", len(entries))
    directory += b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in entries)
    directory += struct.pack("<I", 8)
    return (b"II*\0" + struct.pack("<I", 8) + directory).ljust(200, b"\0") + bytes(8)


def deep_rtf() -> bytes:
    return b"{\\rtf1\\ansi " + b"{\\b " * 10_000 + b"x" + b"}" * 10_000 + b"}"


def fetching_html() -> bytes:
    return (
        b"<html><head><meta http-equiv=Content-Type content='text/html; charset=utf-8'>"
        b"<link rel=stylesheet href='http://192.0.2.1/a.css'><script>alert(1)</script></head>"
        b"<body><p>B\xc3\xa1o c\xc3\xa1o</p><img src='http://192.0.2.1/a.png'>"
        b"<img src='file:///etc/hostname'><iframe src='http://192.0.2.1/'></iframe>"
        b"</body></html>"
    )


CELLS = (
    b'<row r="1"><c r="A1" t="inlineStr"><is><t>Thu\xe1\xba\xbf</t></is></c></row>'
    b'<row r="2"><c r="A2" t="inlineStr"><is><t>Ghi ch\xc3\xba</t></is></c></row>'
)


def million_rows() -> bytes:
    """A sheet that claims all its rows and columns and merges them into one cell below the data."""
    merge = b'<mergeCells count="1"><mergeCell ref="A4:XFD1048576"/></mergeCells>'
    return workbook(worksheet([CELLS], merge, "A1:XFD1048576"))


def string_storm() -> bytes:
    """One long shared string that 24.000 cells show."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    strings = f'<sst xmlns="{main}"><si><t>{"dài " * 8000}</t></si></sst>'.encode()
    rows = (
        f'<row r="{row}"><c r="A{row}" t="s"><v>0</v></c></row>'.encode()
        for row in range(1, 24_001)
    )
    return workbook(worksheet(rows, used="A1:A24000"), strings)


def commanding_sheet() -> bytes:
    """Formulas that start a program or ask another machine, without cached values."""
    row = (
        '<row r="3"><c r="A3"><f>cmd|\'/C calc\'!A0</f></c>'
        '<c r="B3"><f>WEBSERVICE("http://192.0.2.1/")</f></c></row>'
    )
    return workbook(worksheet([CELLS, row.encode()]))


def noise(kind: bytes = b"") -> bytes:
    return kind + random.Random(11).randbytes(20_000)


def plain_text() -> bytes:
    return "Toàn xã có 12/15 thôn đạt chuẩn.\n".encode()


READABLE = object()
UNJUDGED = object()
FIGURES = ["1210", "1210", "1640", "1640"]

DOCUMENTS: dict[str, tuple[str, Callable[[], bytes], list[str], object]] = {
    # name: (file, bytes, findings of which one is asked for, which figures it shows)
    "h01-word-bomb": ("bao cao lon.docx", word_bomb, TOO_MUCH, None),
    "h02-sheet-bomb": ("so lieu.xlsx", sheet_bomb, TOO_MUCH, None),
    "h03-overlapping-parts": ("nhieu anh.docx", many_parts, [], READABLE),
    "h04-billion-laughs": ("vui.docx", laughs, ["doctype-refused"], None),
    "h05-outside-entity": ("thuc the.docx", outside_entity, ["doctype-refused"], None),
    "h06-doctype-of-types": (
        "kieu.docx",
        typed_by_doctype,
        ["doctype-refused"],
        None,
    ),
    "h07-deep-word": ("long nhau.docx", deep_word, TOO_MUCH, None),
    "h08-deep-tables": ("bang long nhau.docx", deep_tables, [], None),
    "h09-wide-spans": (
        "cot.docx",
        wide_spans,
        [*TOO_MUCH, "table-not-understood", "row-not-understood", "column-not-understood"],
        UNJUDGED,
    ),
    "h10-number-storm": ("so.docx", number_storm, [], UNJUDGED),
    "h11-outside-links": ("lien ket ngoai.docx", linked, ["external-link"], READABLE),
    "h12-attached-template": ("mau ngoai.docx", with_template, ["external-link"], READABLE),
    "h13-alternative-chunk": (
        "chen html.docx",
        with_chunk,
        ["embedded-object", "external-link", "unsupported-format"],
        READABLE,
    ),
    "h14-ole-and-dde": ("doi tuong.docx", with_object, ["embedded-object"], READABLE),
    "h15-climbing-names": ("leo thu muc.docx", climbing, [], READABLE),
    "h16-encrypted-word": ("mat khau.docx", encrypted_word, ["encrypted-file"], None),
    "h17-encrypted-pdf": ("mat khau.pdf", encrypted_pdf, ["encrypted-file"], None),
    "h18-cut-word": (
        "cat cut.docx",
        lambda: report()[: len(report()) * 3 // 5],
        NOT_READABLE,
        None,
    ),
    "h19-cut-pdf": ("cat cut.pdf", cut_pdf, NOT_READABLE, None),
    "h20-empty": ("rong.docx", lambda: b"", ["empty-file"], None),
    "h21-noise-doc": (
        "la gi.doc",
        noise,
        ["unsupported-format", "unreadable-file"],
        None,
    ),
    "h22-noise-ole": (
        "hong.xls",
        lambda: noise(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
        [*NOT_READABLE, "unsupported-format"],
        None,
    ),
    "h23-noise-zip": (
        "hong.xlsx",
        lambda: noise(b"PK\3\4"),
        [*NOT_READABLE, "unsupported-format"],
        None,
    ),
    "h24-text-as-pdf": (
        "van ban.pdf",
        plain_text,
        ["unsupported-format", "unreadable-file", "wrong-ending"],
        None,
    ),
    "h25-page-loop": ("vong lap.pdf", page_loop, [*NOT_READABLE, "limit-exceeded"], None),
    "h26-stream-bomb": ("nen hai lan.pdf", pdf_bomb, [*TOO_MUCH, *PAGE_LOST], None),
    "h27-line-storm": (
        "trieu duong ke.pdf",
        path_storm,
        ["limit-exceeded", *PAGE_LOST],
        None,
    ),
    "h28-form-bomb": ("bieu mau long.pdf", form_bomb, [], None),
    "h29-deep-pdf": ("ngoac.pdf", deep_pdf, [], None),
    "h30-active-pdf": ("chu dong.pdf", active_pdf, [], None),
    "h31-wide-picture": (
        "anh rat lon.png",
        wide_picture,
        [*TOO_MUCH, *PAGE_LOST],
        None,
    ),
    "h32-looping-tiff": ("trang lap.tif", looping_tiff, [], None),
    "h33-deep-rtf": ("ngoac.rtf", deep_rtf, [], None),
    "h34-fetching-html": ("tai ve.doc", fetching_html, ["external-link", "picture-not-read"], None),
    "h35-million-rows": ("trieu dong.xlsx", million_rows, [], None),
    "h36-string-storm": ("chuoi dai.xlsx", string_storm, [], None),
    "h37-commanding-sheet": (
        "cong thuc.xlsx",
        commanding_sheet,
        ["formula-without-value"],
        None,
    ),
    "h38-odd-name": (
        "--help; $(id) 'x' & %s \u202ecod. báo cáo\u200b .docx",
        report,
        [],
        READABLE,
    ),
}


def main() -> int:
    for folder in ("documents", "expected"):
        (HERE / folder).mkdir(exist_ok=True)
    for name, (file, make, codes, shows) in DOCUMENTS.items():
        data = make()
        if len(data) > MOST_BYTES:
            raise ValueError(f"{name}: {len(data)} bytes")
        (HERE / "documents" / file).write_bytes(data)
        expected = {
            "file": file,
            "codes": codes,
            "figures": None if shows is UNJUDGED else FIGURES if shows is READABLE else [],
            "seconds": SECONDS,
            "megabytes": MEGABYTES,
        }
        text = yaml.safe_dump(expected, allow_unicode=True, sort_keys=False, width=100)
        (HERE / "expected" / f"{name}.yaml").write_text(text, encoding="utf-8")
    sys.stdout.write(f"{len(DOCUMENTS)} documents\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
