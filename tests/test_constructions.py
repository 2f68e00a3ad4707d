"""Ways in which sentences say who said what: ``tests/constructions/CODE.txt``.

A row is a text with ⟦…⟧ around what is said, ``=>``, and for each content ``name;role;organization;
via``, parted by ``|``; what is left empty isn't looked at, ``-`` stands for none, ``\\n`` for the
end of a paragraph. A text without brackets makes no claim. Every text was written for this table.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from claims.extraction import extract
from claims.models import Article

FOLDER = Path(__file__).parent / "constructions"


def _rows():
    for path in sorted(FOLDER.glob("*.txt")):
        for line in path.read_text("utf-8").splitlines():
            if line and not line.startswith("#"):
                marked, _, wanted = line.partition("=>")
                speakers = [one.strip() for one in wanted.split("|") if one.strip()]
                yield path.stem, marked.strip().replace("\\n", "\n"), speakers


def _shown(claim, wanted):
    """A claim in the notation of the table, but for what the row leaves empty."""
    found = [claim.speaker.name, claim.role, claim.organization, claim.via]
    asked = [*wanted.split(";"), "", "", ""][:4]
    return ";".join(
        (is_ or "-") if want else "" for is_, want in zip(found, asked, strict=True)
    ).rstrip(";")


@pytest.mark.parametrize(("code", "marked", "speakers"), list(_rows()))
def test_who_said_what(code, marked, speakers):
    text = re.sub("[⟦⟧]", "", marked)
    claims = extract(Article(text=text, language=code))
    contents = re.findall("⟦(.*?)⟧", marked, re.DOTALL)
    assert [claim.text for claim in claims] == contents
    shown = [_shown(*pair) for pair in zip(claims, speakers, strict=True)]
    assert shown == [wanted.rstrip(";") for wanted in speakers]
