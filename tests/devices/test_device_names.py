"""A phone's name is shown on other phones and terminals: it steers none of them."""

import re

import msgspec
import pytest

from devices.step import NewName
from smartident.devices.device import DeviceName
from tests.contract.contract import CONTRACT

CONTRACTED = re.compile(CONTRACT.document["components"]["schemas"]["NameOfDevice"]["pattern"])
GOOD = [
    "Erikas Telefon",
    "Größe 5 ✨",
    "a" * 64,
    "O'Neill & <b>",
    "Familie 👩\u200d👧",
    "הטלפון שלי",
    "1️⃣",
    "a\u200cb",
]


@pytest.mark.parametrize("name", GOOD)
def test_people_name_their_phones_as_they_like(name: str) -> None:
    assert msgspec.convert({"name": name}, NewName).name == name
    assert CONTRACTED.search(name)


def refused(name: str) -> bool:
    try:
        msgspec.convert(name, DeviceName)
    except msgspec.ValidationError:
        return True
    return False


@pytest.mark.parametrize("name", ["", "a" * 65, "a\nb", "a\n", "\x1b[2J", "\x00", "a\x7f", "a\x9b0m"], ids=ascii)
def test_a_name_steers_no_terminal(name: str) -> None:
    assert refused(name)


BIDI = ["a\u202eb", "\u2066a\u2069", "a\u200fb", "a\u061cb", "a\u2028b", "a\u2029"]
HIDDEN = ["Annas\xad Telefon", "Annas\u200b Telefon", "Annas Telefon\ufeff", "Annas\u2060 Telefon"]


@pytest.mark.parametrize("name", BIDI + HIDDEN, ids=ascii)
def test_a_name_looks_like_no_other(name: str) -> None:
    assert refused(name)
    assert not CONTRACTED.search(name)


def test_a_name_bears_no_tags() -> None:
    """The contract says so in words: a pattern with them is none to JavaScript without its flag `u`."""
    assert refused("A\U000e0041")
    assert "U+E0000 to U+E007F" in CONTRACT.document["components"]["schemas"]["NameOfDevice"]["description"]


@pytest.mark.parametrize("name", [" ", "\xa0", "\u3000", "\u3164", "\u2800", "\u200d", "\ufe0f", "\u115f"], ids=ascii)
def test_no_phone_stands_in_the_list_unseen(name: str) -> None:
    assert refused(name)
    assert not CONTRACTED.search(name)
