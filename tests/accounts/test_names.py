"""Names: every spelling of one mailbox or number meets, and two stay two."""

# ruff: noqa: RUF001  the letters that look like others are what is tried

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smartident.accounts.names import kind_of, normalised, normalised_email, normalised_number
from tests.support.world import PASSWORD, World

ONE_MAILBOX = [
    ("anna@müller.example", "anna@xn--mller-kva.example"),
    ("anna@müller.example", "Anna@XN--MLLER-KVA.example"),
    ("anna@müller.example", "anna@mu\u0308ller.example"),
    ("anna@müller.example", "anna@müller.example."),
    ("anna@müller.example", "anna@MÜLLER。example"),
    ("anna@straße.example", "anna@xn--strae-oqa.example"),
    ("jürgen@example.org", "ju\u0308rgen@example.org"),
    ("jürgen@example.org", "JÜRGEN@EXAMPLE.ORG"),
    ("anna@example.org", "ａｎｎａ＠ｅｘａｍｐｌｅ．ｏｒｇ"),
    ("anna@example.org", "\u202aanna@example.org\u202c"),
    ("anna@example.org", "an\u00adna@exam\u200bple.org\ufeff"),
    ("anna@example.org", " anna@example.org\u00a0"),
    ("anna@example.org", "anna﹫example.org"),
    ("anna@example.org", "mailto:anna@example.org"),
    ("anna@example.org", "MAILTO: anna@example.org"),
    ("anna@example.org", "<anna@example.org>"),
    ("anna@example.org", "Anna Berger <mailto:Anna@Example.org>; "),
    ("anna@example.org", "anna@example.org, "),
    ("anna@müller.example", "＜anna＠xn--mller-kva.example.＞"),
]
TWO_MAILBOXES = [
    ("anna@straße.example", "anna@strasse.example"),
    ("groß@example.org", "gross@example.org"),
    ("ali@example.org", "alı@example.org"),
    ("file@example.org", "ﬁle@example.org"),
    ("anna@βόλος.example", "anna@βόλοσ.example"),
    ("anna@example.org", "anna@example.com"),
    ("anna@xn--a.example", "anna@a.example"),
]


@pytest.mark.parametrize(("one", "other"), ONE_MAILBOX)
def test_every_spelling_of_a_mailbox_is_that_mailbox(one: str, other: str) -> None:
    assert normalised(one) == normalised(other)
    assert kind_of(normalised(other)) == kind_of(one)


@pytest.mark.parametrize(("one", "other"), TWO_MAILBOXES)
def test_two_mailboxes_stay_two(one: str, other: str) -> None:
    assert normalised_email(one) != normalised_email(other)


@pytest.mark.parametrize(
    "label", ["xn--", "xn--a", "xn--\u00e4", "xn--zzzzzzzzzz", "xn--A-.", "xn--mller-kvaa", "xn--e28h"]
)
def test_punycode_that_nobody_makes_stands_for_itself(label: str) -> None:
    spelled = normalised_email(f"anna@{label}.example")
    assert spelled == normalised_email(spelled)


@pytest.mark.parametrize(
    "typed",
    [
        "100200301",
        "100 200 301",
        "\u202d100200301\u202c",
        "１００２００３０１",
        "١٠٠٢٠٠٣٠١",
        "100\u00a0200\u2009301\ufe0f",
        "\u200b100200301\u2060",
    ],
)
def test_every_spelling_of_a_number_is_that_number(typed: str) -> None:
    assert normalised_number(typed) == "100200301"
    assert normalised(typed) == "100200301"


@pytest.mark.parametrize("dash", "-\u2010\u2011\u2012\u2013\u2014\u2212\ufe63\uff0d")
def test_a_dash_of_a_word_processor_is_a_hyphen(dash: str) -> None:
    assert normalised_number(f"AB{dash}100") == "AB-100"


@given(st.text(max_size=40))
def test_what_is_spelled_its_one_way_is_left_alone(text: str) -> None:
    for name in (text, f"{text}@{text}"):
        assert normalised(normalised(name)) == normalised(name)


@given(st.text(max_size=20))
def test_composed_or_not_is_no_difference(text: str) -> None:
    composed, decomposed = unicodedata.normalize("NFC", text), unicodedata.normalize("NFD", text)
    assert normalised_email(f"{composed}@example.org") == normalised_email(f"{decomposed}@example.org")


def test_a_pasted_number_logs_in(world: World) -> None:
    jonas = world.account(two_factor=False)
    ask = {"identifier": f"\u202d{jonas.number}\u202c", "password": PASSWORD}
    assert world.http("POST", "/v1/logins", ask)[0] == 201
