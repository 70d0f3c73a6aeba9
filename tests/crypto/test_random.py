"""Random things: ids, tokens, codes, and the strict base64url that they are written in."""

from __future__ import annotations

import re

import pytest

from smartident.crypto.base64url import decode, encode
from smartident.crypto.random import digest, new_login_token, random_digits, random_id
from smartident.errors import InvalidRequest
from smartident.storage.ids import newest_first, split_id


@pytest.mark.parametrize("data", [b"", b"a", b"ab", b"abc", bytes(range(256))], ids=len)
def test_what_was_written_is_read(data: bytes) -> None:
    assert decode(encode(data), field="x") == data
    assert "=" not in encode(data)


@pytest.mark.parametrize(
    "text",
    ["YQ==", "YR", "Y", "YWI\n", "Y W I", "YWI+", "a/b0", "YWJj.", "\u00e4\u00e4\u00e4\u00e4"],
    ids=["padded", "bits left over", "one letter", "a line end", "blanks", "plus", "slash", "a dot", "umlauts"],
)
def test_what_is_written_otherwise_is_refused_by_its_fields_name(text: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        decode(text, field="challenge")
    assert refused.value.details == {"field": "challenge"}


def test_no_two_ids_and_tokens_are_the_same() -> None:
    assert len({random_id() for _ in range(100)} | {new_login_token() for _ in range(100)}) == 200
    assert re.fullmatch(r"[a-z2-7]{26}", random_id())
    assert len(decode(new_login_token(), field="token")) == 32


@pytest.mark.parametrize("count", [1, 6, 9])
def test_codes_keep_their_leading_zeros(count: int) -> None:
    codes = {random_digits(count) for _ in range(200)}
    assert all(re.fullmatch(rf"[0-9]{{{count}}}", code) for code in codes)
    assert len(codes) > 5


@pytest.mark.parametrize("count", [1, 6, 9])
def test_codes_are_drawn_from_all_that_there_are(count: int) -> None:
    codes = [int(random_digits(count)) for _ in range(200)]
    assert min(codes) < 10**count // 2 <= max(codes)


def test_later_times_sort_first_and_stay_as_long() -> None:
    times = [0, 1, 1_800_000_000, 1_800_000_001, 9_999_999_999]
    names = [newest_first(time) for time in times]
    assert sorted(names) == names[::-1]
    assert {len(name) for name in names} == {10}


@pytest.mark.parametrize("name", ["", ".", "a.", ".b", "a", "a.b.c", "A.b", "a.b\n", "a#.b", "a.b#", "a." + "b" * 65])
def test_what_is_no_id_has_no_parts(name: str) -> None:
    assert split_id(name) is None


def test_an_id_names_its_account() -> None:
    assert split_id("abc2.8200-X_y") == ("abc2", "8200-X_y")


def test_a_digest_is_sha_256() -> None:
    assert digest("") == "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU"
