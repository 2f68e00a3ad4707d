"""What a page says of itself: title, byline, outlet, date, language; and what it doesn't say."""

from __future__ import annotations

import pytest

from claims.articles import language_of, read_article
from claims.models import Article, Document, Stated

KO = '청림시는 둑을 고치기로 했다고 밝혔다.\n\n윤 시장은 "곧 시작한다"고 말했다.'
EN = 'The council will repair the dike, officials said.\n\n"We begin soon," said Mayor Ann Poe.'


def read(page: str, **stated: str) -> tuple[str | None, str | None, str | None, str | None]:
    article = read_article(Document("page.txt", page), Stated(**stated))
    return article.title, article.byline, article.outlet, article.published_on


KOREAN_PAGES = {
    "headline, byline, date": (
        f"둑 보강 내년 봄 착공\n\n김하늘 기자\n입력 2024-12-17 09:00\n\n{KO}",
        ("둑 보강 내년 봄 착공", "김하늘", None, "2024-12-17"),
    ),
    "wire dateline": (
        f"둑 보강 내년 봄 착공\n\n(청림=한빛통신) 김하늘 기자 = {KO}",
        ("둑 보강 내년 봄 착공", "김하늘", "한빛통신", None),
    ),
    "bracketed dateline": (f"[한빛일보 김하늘 기자] {KO}", (None, "김하늘", "한빛일보", None)),
    "dateline with a date": (
        f"둑 보강 내년 봄 착공\n(청림=한빛통신) 2024.12.17. {KO}",
        ("둑 보강 내년 봄 착공", None, "한빛통신", "2024-12-17"),
    ),
    "page title with the site's name, menus, copyright": (
        "둑 보강 내년 봄 착공 - 한빛일보\n한빛일보\n정치 경제 사회 스포츠\n로그인 회원가입\n"
        "둑 보강 내년 봄 착공\n기자명 김하늘 기자 입력 2024.12.17 09:00 댓글 0\n"
        f"{KO}\n저작권자 © 한빛일보 무단전재 및 재배포 금지",
        ("둑 보강 내년 봄 착공", "김하늘", "한빛일보", "2024-12-17"),
    ),
    "signature at the end": (
        f"둑 보강 내년 봄 착공\n\n{KO}\n\n한빛일보 김하늘 기자 sky@hanbit.example",
        ("둑 보강 내년 봄 착공", "김하늘", "한빛일보", None),
    ),
    "signature on the last line of prose": (
        f"둑 보강 내년 봄 착공\n\n{KO} 김하늘 기자 sky@hanbit.example",
        ("둑 보강 내년 봄 착공", "김하늘", None, None),
    ),
    "name before outlet": (
        f"둑 보강 내년 봄 착공\n\n{KO}\n\n김하늘 누리봄 기자 sky@nuribom.example",
        ("둑 보강 내년 봄 착공", "김하늘", "누리봄", None),
    ),
    "a desk is no outlet": (
        f"둑 보강 내년 봄 착공\n\n{KO}\n\n김하늘 경제부 기자",
        ("둑 보강 내년 봄 착공", "김하늘", None, None),
    ),
    "a place is no outlet": (
        f"둑 보강 내년 봄 착공\n\n창원=김하늘 기자\n\n{KO}",
        ("둑 보강 내년 봄 착공", "김하늘", None, None),
    ),
    "a correspondent's city is no outlet": (
        f"둑 보강 내년 봄 착공\n\n{KO}\n\n한빛일보 김하늘 워싱턴 특파원",
        ("둑 보강 내년 봄 착공", "김하늘", "한빛일보", None),
    ),
    "two reporters and a bare date": (
        f"둑 보강 내년 봄 착공\n김하늘·이바다 기자 | 2024.12.17 09:12\n{KO}",
        ("둑 보강 내년 봄 착공", "김하늘·이바다", None, "2024-12-17"),
    ),
    "two names that could both be people": (
        f"둑 보강 내년 봄 착공\n\n{KO}\n\n한가람 김하늘 기자",
        ("둑 보강 내년 봄 착공", None, None, None),
    ),
    "a changed page's date is not that of publication": (
        f"둑 보강 내년 봄 착공\n수정 2024-12-18 10:00\n{KO}",
        ("둑 보강 내년 봄 착공", None, None, None),
    ),
    "a photographer's outlet in a caption": (
        f"둑 보강 내년 봄 착공\n무너진 둑. ⓒ로이터\n{KO}",
        ("둑 보강 내년 봄 착공", None, None, None),
    ),
    "a labelled title": (f"제목: 둑 보강\n\n{KO}", ("둑 보강", None, None, None)),
    "prose alone": (KO, (None, None, None, None)),
    "menus and prose": (
        f"닫기\n한빛일보\n정치 경제 사회\n본문 바로가기\n글자크기 조절\n경제 > 금융\n{KO}",
        (None, None, None, None),
    ),
    "a reporter in the prose": (
        f"둑 보강 내년 봄 착공\n\n{KO} 현장에 있던 김하늘 기자는 돌아갔다.",
        ("둑 보강 내년 봄 착공", None, None, None),
    ),
    "no such day": (
        f"둑 보강 내년 봄 착공\n입력 2024-13-45\n{KO}",
        ("둑 보강 내년 봄 착공", None, None, None),
    ),
}


@pytest.mark.parametrize(("page", "found"), KOREAN_PAGES.values(), ids=KOREAN_PAGES)
def test_what_a_korean_page_says_of_itself(page, found):
    assert read(page) == found


ENGLISH_PAGES = {
    "byline": (f"Council to repair dike\n\nBy Jane Doe\n\n{EN}", ("Jane Doe", None, None)),
    "byline with outlet and date": (
        f"Council to repair dike\n\nBy Jane Doe, Daily Herald\nPublished: 17 December 2024\n\n{EN}",
        ("Jane Doe", "Daily Herald", "2024-12-17"),
    ),
    "menus, a job, an American date, copyright": (
        "Skip to main content\nThe Daily Herald\nSign in to your account\nCouncil to repair dike\n"
        "By Jane Doe, Staff Writer | Dec. 17, 2024 at 9:10 a.m.\n\n"
        f"{EN}\n\n© 2024 The Daily Herald. All rights reserved.",
        ("Jane Doe", "The Daily Herald", "2024-12-17"),
    ),
    "page title with the site's name": (
        f"Council to repair dike - The Daily Herald\nCouncil to repair dike\n{EN}",
        (None, "The Daily Herald", None),
    ),
    "an update is not the publication": (
        f"Council to repair dike\nBy JANE DOE\nUpdated: Dec. 18, 2024\n\n{EN}",
        ("JANE DOE", None, None),
    ),
    "two reporters for an outlet": (
        f"Council to repair dike\nBy Jane Doe and John Roe, Harbour Wire\n\n{EN}",
        ("Jane Doe and John Roe", "Harbour Wire", None),
    ),
    "a city is no outlet": (
        f"Council to repair dike\nBy Jane Doe, London\n\n{EN}",
        ("Jane Doe", None, None),
    ),
    "an ISO date": (
        f"Council to repair dike\nPublished on 2024-12-17\n\n{EN}",
        (None, None, "2024-12-17"),
    ),
    "wire dateline": (
        f"Council to repair dike\n\nNORTHWICK, Dec. 17, 2024 (Harbour News) - {EN}",
        (None, "Harbour News", "2024-12-17"),
    ),
    "a photo agency's copyright": (
        f"Council to repair dike\nWorkers at the dike © Getty Images\n\n{EN}",
        (None, None, None),
    ),
    "a date in the prose": (
        f"Council to repair dike\n\nIt broke on March 4, 2020.\n\n{EN}",
        (None, None, None),
    ),
}


@pytest.mark.parametrize(("page", "found"), ENGLISH_PAGES.values(), ids=ENGLISH_PAGES)
def test_what_an_english_page_says_of_itself(page, found):
    assert read(page) == ("Council to repair dike", *found)


def test_a_headline_that_asks_is_a_title_where_the_byline_follows():
    assert read(f"Who pays for the dike?\nBy Jane Doe\n\n{EN}")[0] == "Who pays for the dike?"
    assert read(f"Who pays for the dike?\n\n{EN}")[0] is None


def test_an_english_page_of_menus_has_no_title():
    page = f"The Daily Herald\nNews Sport Opinion\nSign in to your account\nRead more\n\n{EN}"
    assert read(page) == (None, None, None, None)


def test_options_win_over_the_page():
    page = f"Council to repair dike\nBy Jane Doe, Daily Herald\nPublished: 17 December 2024\n\n{EN}"
    article = read_article(
        Document("page.txt", page),
        Stated(
            outlet="Northern Post",
            published_on="2025",
            url="https://northern.example/1",
            title="Dike",
            language="ko",
            via="Harbour Wire",
        ),
    )
    assert article == Article(
        text=page,
        language="ko",
        title="Dike",
        byline=None,
        outlet="Northern Post",
        published_on="2025",
        url="https://northern.example/1",
        via="Harbour Wire",
    )


def test_the_flagship_page(flagship):
    text = flagship.read_text("utf-8")
    article = read_article(Document("page", text), Stated())
    headline = next(
        line for line in text.split("\n") if text.split("\n").count(line) > 1 < len(line.split())
    )
    assert article == Article(
        text=text, language="ko", title=headline, byline="이태준", outlet="글로벌이코노믹"
    )


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (KO, "ko"),
        (f"OpenAI ChatGPT Lux Capital DGA Group {KO}", "ko"),
        (EN, "en"),
        (f"{EN} " * 9, "en"),
        (
            "Le conseil a lu « The Sea and the Tide », puis a décidé mardi de réparer la digue, "
            "selon le maire, avant que la pluie ne revienne en novembre sur les quartiers bas. "
            * 9,
            "fr",
        ),
        (f"{EN} The mayor of 서울 agreed.", "en"),
        ("Le conseil municipal a décidé mardi de réparer la digue avant l'hiver prochain.", "fr"),
        ("市議会は火曜日に堤防の修理を決めた。", "ja"),
        ("12:30 — 45 %", "und"),
    ],
)
def test_language(text, language):
    assert language_of(text) == language


def test_nuls_and_lone_surrogates_leave_offsets_as_they_are():
    article = read_article(
        Document("page.txt", "청림시는 \x00둑\ud800이 \u202e낮다.\x07"), Stated()
    )
    assert article.text == "청림시는 \ufffd둑\ufffd이 \u202e낮다.\x07"


@pytest.mark.parametrize(
    "page",
    ["가" * 200_000, "-" * 200_000, "a@" * 100_000, "Ab cd ef\n" * 50_000, "뉴스 " * 100_000],
    ids=["one word", "dashes", "addresses", "lines", "menus"],
)
@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_hostile_page_is_read_at_once(page, language):
    """Patterns that look everywhere from everywhere would take hours over these."""
    assert read(f"{page}\n\n{KO}", language=language)[1:] == (None, None, None)
