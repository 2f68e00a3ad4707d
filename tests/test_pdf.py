"""PDF press releases: paragraphs out of printed lines, and what is said when there are none."""

from __future__ import annotations

import io
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate

from claims.errors import SourceError
from claims.ingest import ingest
from claims.models import Facts
from claims.sources import pdf, read_source
from claims.sources.pdf import read_pdf
from claims.sources.reading import Reading

KOREAN = "HYSMyeongJo-Medium"
KO = [
    "청림시, 둑을 다시 쌓는다",
    "청림시는 내년 봄부터 3년 동안 강을 따라 놓인 둑을 모두 다시 쌓는다고 17일 밝혔다. 공사에는 "
    "12억 원이 들고, 주민 설명회는 다음 달 시청 대강당에서 열린다. 설명회에는 누구나 올 수 있다.",
    "윤서연 시장은 “주민의 안전이 먼저다. 공사는 계획한 대로 내년 봄에 시작하고 예산도 이미 "
    "마련해 두었다”고 말했다. 시는 내년 봄에 둑 안쪽의 길도 함께 넓힌다.",
]
EN = [
    "Town opens its new dike",
    "The town of Brook opened a dike of two miles on Thursday, after three years of work that cost "
    "it more than twelve million, and after a long winter in which the old one nearly gave way.",
    "“The dike will stand for a hundred years,” said Mayor Ada Brook. “It was built by people who "
    "live right behind it, and nobody works with more care than they do,” she said.",
]


def made(
    paragraphs: list[str],
    font: str = "Times-Roman",
    header: str | None = "Town of Brook, press office",
    wrap: str | None = None,
    pages: int = 1,
    **described: object,
) -> bytes:
    """A PDF file; each page has the paragraphs, a running header and a page number."""
    pdfmetrics.registerFont(UnicodeCIDFont(KOREAN))
    style = ParagraphStyle("body", fontName=font, fontSize=12, leading=16, wordWrap=wrap)

    def furniture(canvas: Canvas, document: SimpleDocTemplate) -> None:
        canvas.setFont(font, 9)
        if header:
            canvas.drawString(72, 800, header)
        canvas.drawCentredString(300, 30, f"- {document.page} -")

    body = [Paragraph(text, style) for text in paragraphs]
    story = [part for _ in range(pages) for part in (*body, PageBreak())]
    output = io.BytesIO()
    SimpleDocTemplate(output, **described).build(
        story, onFirstPage=furniture, onLaterPages=furniture
    )
    return output.getvalue()


def lines(*printed: str) -> bytes:
    """A PDF file with lines exactly as given, on one page."""
    output = io.BytesIO()
    canvas = Canvas(output)
    for number, line in enumerate(printed):
        canvas.drawString(72, 780 - 16 * number, line)
    canvas.save()
    return output.getvalue()


def text_of(data: bytes) -> str:
    (document,) = read_pdf(io.BytesIO(data), "x.pdf")
    return document.content


@pytest.mark.parametrize(
    ("paragraphs", "font"), [(EN, "Times-Roman"), (KO, KOREAN)], ids=["English", "Korean"]
)
def test_lines_become_paragraphs_and_furniture_goes(paragraphs, font):
    words = [text.split() for text in paragraphs[1:]]
    turned = [" ".join(w[n:] + w[:n]) + "." for n in range(24) for w in words]
    many = [*paragraphs, *turned]
    data = made(many, font)
    assert len(PdfReader(io.BytesIO(data)).pages) > 2
    found = text_of(data)
    assert found.split("\n\n")[: len(paragraphs)] == paragraphs
    assert found.split() == " ".join(many).split()


def test_a_korean_word_that_a_line_breaks_is_whole_where_it_stands_whole_elsewhere():
    text = (
        "윤서연 시장은 “주민의 안전이 먼저다”라고 말했다. 예산은 12억 원이며 내년에 시작한다. " * 4
    )
    found = text_of(made([text], KOREAN, None, "CJK"))
    assert found == text.strip()


def test_from_a_file_to_rows(article, store, rows):
    path = article(made(KO, KOREAN, None, title="청림시, 둑을 다시 쌓는다"), "release.pdf")
    for _ in range(2):
        assert ingest(store, [str(path)]).failures == []
    assert rows("select title, text, language from articles") == [
        {"title": KO[0], "text": "\n\n".join(KO), "language": "ko"}
    ]
    assert [row["speaker"] for row in store.claims() if row["kind"] == "direct"] == ["윤서연"]


def test_a_file_on_the_web_and_one_without_a_suffix(web, fetcher, article):
    data = made(EN)
    url = web.page("/release", data, "application/pdf")
    (document,) = read_source(url, Reading(fetcher=fetcher))
    assert (document.facts.url, document.source) == (url, url)
    (other,) = read_source(str(article(data, "release")))
    assert other.content == document.content


JOINED = {
    "a word that was hyphenated": (
        ("The engineers had been asked for the mainte-", "nance of the dike, and said so in June."),
        "The engineers had been asked for the maintenance of the dike, and said so in June.",
    ),
    "a compound": (
        ("A well-known engineer, and another well-", "known one, had said so before in June."),
        "A well-known engineer, and another well-known one, had said so before in June.",
    ),
    "a name after a hyphen": (
        ("They had gone all the way up to Stratford-", "Avon, and came back only in late June."),
        "They had gone all the way up to Stratford- Avon, and came back only in late June.",
    ),
    "a sentence's end where the next word had room": (
        ("The engineers of the town were asked about the dike and its wall,",
         "and about whether it will stand. They said yes.", "Nobody asked the others."),
        "The engineers of the town were asked about the dike and its wall, "
        "and about whether it will stand. They said yes.\n\nNobody asked the others.",
    ),
    "items of a list": (
        ("* the dike will be built by the town itself in June,", "* the wall will be built later"),
        "* the dike will be built by the town itself in June,\n\n* the wall will be built later",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("printed", "text"), JOINED.values(), ids=JOINED)
def test_how_lines_are_joined(printed, text):
    assert text_of(lines(*printed)) == text


TITLES = [
    ("Town opens its new dike", "Town opens its new dike"),
    ("청림시 둑", "청림시 둑"),
    ("Microsoft Word - release_final2.docx", None),
    ("release final.hwp", None),
    ("untitled", None),
    ("제목 없음", None),
    ("release", None),
    ("", None),
]


@pytest.mark.parametrize(("title", "kept"), TITLES)
def test_titles_that_are_none_are_not_kept(title, kept):
    (document,) = read_pdf(io.BytesIO(made(EN, title=title)), "x.pdf")
    assert document.facts == Facts(title=kept)


@pytest.mark.parametrize(
    ("made_on", "day"),
    [
        ("D:20241217120000+09'00'", "2024-12-17"), ("D:20241217", "2024-12-17"),
        ("D:19700101000000", None), ("D:29991231000000", None), ("yesterday", None),
    ],
)  # fmt: skip
def test_the_day_it_was_made_holds_where_the_text_has_none(article, store, rows, made_on, day):
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(made(EN))))
    writer.add_metadata({"/CreationDate": made_on})
    output = io.BytesIO()
    writer.write(output)
    ingest(store, [str(article(output.getvalue(), "release.pdf"))])
    assert rows("select published_on from articles") == [{"published_on": day}]
    dated = ["청림시, 둑을 다시 쌓는다", "입력 2025-03-04 09:00", *KO[1:]]
    ingest(store, [str(article(made(dated, KOREAN, None), "dated.pdf"))])
    assert rows("select published_on from articles where language = 'ko'") == [
        {"published_on": "2025-03-04"}
    ]


def encrypted(password: str) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(made(EN))))
    writer.encrypt(password, "owner", algorithm="RC4-128")
    output = io.BytesIO()
    writer.write(output)
    return output.getvalue()


def blank(count: int) -> bytes:
    writer = PdfWriter()
    for _ in range(count):
        writer.add_blank_page(100, 100)
    output = io.BytesIO()
    writer.write(output)
    return output.getvalue()


REFUSED = {
    "with a password": (encrypted("secret"), "this PDF file needs a password"),
    "scanned": (blank(2), "there is no text in this PDF file, only pictures of it"),
    "of too many pages": (
        blank(pdf.MOST_PAGES + 1),
        "this has 301 pages; 300 are read at most",
    ),
    "that is none": (b"%PDF-1.7\nhello", "this is no PDF file that can be read"),
    "that breaks off": (made(EN)[:700], "this is no PDF file that can be read"),
    "that is empty": (b"", "this is no PDF file that can be read"),
}


@pytest.mark.parametrize(("data", "sentence"), REFUSED.values(), ids=REFUSED)
def test_what_can_not_be_read_is_told(data, sentence):
    with pytest.raises(SourceError) as refused:
        text_of(data)
    assert str(refused.value).startswith(f"x.pdf: {sentence}")


def test_one_that_only_its_owner_may_change_is_read():
    assert text_of(encrypted("")).endswith("\n\n".join(EN))


def test_one_that_takes_too_long(monkeypatch):
    monkeypatch.setattr(pdf, "_MOST_SECONDS", -1.0)
    with pytest.raises(SourceError, match="takes longer than"):
        text_of(made(EN))


def test_one_with_too_much_text(monkeypatch):
    monkeypatch.setattr(pdf, "_LONGEST_TEXT", 1000)
    with pytest.raises(SourceError, match="more than 1,000 characters"):
        text_of(made(EN, pages=5))


def test_bombs_are_not_unpacked():
    content = zlib.compress(b"BT /F 12 Tf (x) Tj ET " + b" " * 200_000_000)
    data = b"".join(
        [
            b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n",
            b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n",
            b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>endobj\n",
            b"4 0 obj<</Filter/FlateDecode/Length %d>>stream\n" % len(content),
            content,
            b"\nendstream endobj\ntrailer<</Root 1 0 R>>\nstartxref\n0\n%%EOF",
        ]
    )
    with pytest.raises(SourceError, match=r"x.pdf: there is no text"):
        text_of(data)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.floats(0, 0.999), st.integers(0, 255)), min_size=1, max_size=20))
def test_whatever_is_changed_in_a_file_it_is_told_in_sentences(changes):
    changed = bytearray(made(EN))
    for place, byte in changes:
        changed[int(place * len(changed))] = byte
    try:
        assert isinstance(text_of(bytes(changed)), str)
    except SourceError as error:
        told = str(error)
        assert told.startswith("x.pdf: ")
