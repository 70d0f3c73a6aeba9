"""A problem speaks German, or English where that is wished for (RFC 9110 12.5.4)."""

from __future__ import annotations

import re

import pytest

from smartident.http.problems import PROBLEMS
from tests.support.world import World

GERMAN, ENGLISH = "Diese Angaben", "We cannot"


@pytest.mark.parametrize(
    ("wished", "title"),
    [
        (None, GERMAN),
        ("", GERMAN),
        ("en", ENGLISH),
        ("EN-gb", ENGLISH),
        ("de-AT,en", GERMAN),
        ("fr, en;q=0.8, de;q=0.9", GERMAN),
        ("fr;q=1, de;q=0.3, en;q=0.7", ENGLISH),
        ("en;q=0.5, de;q=0.5", ENGLISH),
        ("fr, it", GERMAN),
        ("*", GERMAN),
        ("en;q=nonsense, de;q=0.1", GERMAN),
        ("en;q=", ENGLISH),
        ("en; q=0.9 , de ; q=0.8", ENGLISH),
        ("en;q=0", GERMAN),
        ("en;q=nan", GERMAN),
        ("english", GERMAN),
        ("," * 500 + "en", GERMAN),
    ],
)
def test_a_problem_speaks_the_language_that_is_wished_for(world: World, wished: str | None, title: str) -> None:
    headers = {} if wished is None else {"accept-language": wished}
    _, answered, body = world.http("POST", "/v1/logins", {}, headers=headers)
    assert body["title"].startswith(title)
    assert answered["Content-Language"] == ("en" if title is ENGLISH else "de")


@pytest.mark.parametrize("code", PROBLEMS)
def test_a_title_is_made_of_whole_sentences(code: str) -> None:
    for title in (PROBLEMS[code].de, PROBLEMS[code].en):
        assert re.fullmatch(r"[A-ZÄÖÜ][^.]+[^.A-Z]\.( [A-ZÄÖÜ][^.]+[^.A-Z]\.)*", title), title
        assert not title.isupper()
