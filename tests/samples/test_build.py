"""The built samples are those of their sources, and the build makes the same each time."""

import io
import re
import runpy
import zipfile
from pathlib import Path

import pypdfium2
import pytest
from docx import Document

SAMPLES = Path(__file__).parents[2] / "samples"
build = runpy.run_path(str(SAMPLES / "build.py"))
REPORTS = [build["load"](path) for path in sorted((SAMPLES / "sources").glob("*.yaml"))]
WORD = [report for report in REPORTS if report.file.endswith(".docx")]
PRINTED = [report for report in REPORTS if report.file.endswith(".pdf")]


def entries(archive: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def texts(report) -> list[str]:
    """Every text of a source that must be read in the document, in order."""
    cells = []
    for annex in (report.directives, report.indicators):
        cells += [annex.heading, annex.title, annex.caption]
        rows = build["grid"](annex.header) + build["grid"](annex.rows)
        cells += [cell for row in rows for cell in row if cell not in {"", "<", "^", "-"}]
    paragraphs = [block.text for block in build["blocks"](report.body)]
    return [report.issuer, report.title, *report.grounds, *paragraphs, report.signer, *cells]


def squeezed(text: str) -> str:
    """Without spaces and line breaks; PDFium writes a hyphen at a line's end as U+FFFE."""
    return re.sub(r"[\s|¶]", "", text.replace("\ufffe", "-"))


@pytest.mark.parametrize("report", WORD, ids=lambda report: report.file)
def test_word_documents_are_rebuilt_the_same(report):
    made = build["word_document"](report)

    assert made == build["word_document"](report)
    assert entries(made) == entries((SAMPLES / "inbox" / report.file).read_bytes())


@pytest.mark.parametrize("report", PRINTED, ids=lambda report: report.file)
def test_the_pdf_holds_every_text_of_its_source(report):
    document = pypdfium2.PdfDocument(SAMPLES / "inbox" / report.file)
    pages = [page.get_textpage().get_text_range() for page in document]
    whole = squeezed("".join(pages))

    # Parted by the page's end (one row, in two columns), and a note merged over two rows.
    parted = [text for text in texts(report) if squeezed(text) not in whole]
    assert [" ".join(text.split()[:4]) for text in parted] == [
        "Số tủ sách cộng",
        "Chỉ tính tủ sách",
        "Ước thực hiện đến",
    ]
    assert 6 <= len(pages) <= 10
    assert sum("Chỉ tiêu" in page and "Trên" in page for page in pages) == 2


def test_every_document_says_that_it_is_invented():
    for report in WORD:
        document = Document(str(SAMPLES / "inbox" / report.file))
        assert document.core_properties.subject == build["NOTE"]
    for report in PRINTED:
        printed = pypdfium2.PdfDocument(SAMPLES / "inbox" / report.file)
        assert printed.get_metadata_dict()["Subject"] == build["NOTE"]


def test_the_inbox_holds_the_three_reports_and_nothing_else():
    assert {path.name for path in (SAMPLES / "inbox").iterdir()} == {
        report.file for report in REPORTS
    }


def test_a_mark_that_word_would_not_write_is_refused():
    source = next(report for report in WORD if "[II.]" in report.body)
    wrong = source.model_copy(update={"body": source.body.replace("[II.]", "[III.]", 1)})

    with pytest.raises(ValueError, match=r"Word would write II\., the source has III\."):
        build["word_document"](wrong)
