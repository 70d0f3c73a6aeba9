"""Oddities: values, bytes and texts that nobody asked for, drawn from a seeded source."""

from __future__ import annotations

import copy
import json
from random import Random
from typing import Any

from smartident_client import base64url
from tests.support.forged_evidence import MISSING

DEEP = "\ue000deep"
VALUES: list[Any] = [
    None, True, False, 0, -1, 3.5, 10**30, -(10**30), 1e308, "", " ", "\x00", "\u202e", "\ud800", "\udfff\ud800",
    "\ufdfa" * 60, "\ufeff", "é", "e\u0301", "\U0001d7d9" * 6,
    "١٢٣٤٥٦", "a" * 5000, "%00", "../../ACCOUNT", "'; --", "{}",
    [], {}, [[]], [None], {"": None}, {"type": "jwk"}, {"type": []}, {"kty": {}}, DEEP, ["a"] * 500,
    "AAAA", "AA==", "A", "_-_-", "\n", "ACCOUNT", "LOOKUP", "~", "!", "DEVICE#", "LOGIN#",
]  # fmt: skip
RAW = [b"NaN", b"Infinity", b"-0", b"1e999", b"9" * 5000, b"01", b'"\\ud800"', b'"\\u0000"', b'"\xff"', b"'a'", b""]
BODIES = [
    b"", b"null", b"[]", b"0", b'""', b"{", b"}", b"{}", b"[" * 8000, b'{"a":' * 3000, b"\xff\xfe", b"\xef\xbb\xbf{}",
    b"\x00", b"{} {}", b"/**/{}", b"{'a': 1}", b" " * 20_000, b"a=b&c=d", b"<xml/>", b'{"__proto__": {}}', b'{"": ""}',
]  # fmt: skip


def seeded(number: object) -> Random:
    """The source of one input, the same in every run."""
    return Random(str(number))  # noqa: S311  it finds oddities and keeps no secret


def drawn(random: Random) -> Any:
    """A value that nobody asked for."""
    value = random.choice(VALUES)
    if value is not DEEP:
        return value
    deep: Any = "x"
    for _ in range(random.choice([3, 60, 900])):
        deep = {"a": deep} if random.random() < 0.5 else [deep]
    return deep


def places(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The paths of all members of a JSON value."""
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path for name, one in members for path in ((*at, name), *places(one, (*at, name)))]


def replaced(value: Any, path: tuple[Any, ...], by: Any) -> Any:
    """The value with one member other, or missing."""
    value = copy.deepcopy(value)
    parent = value
    for name in path[:-1]:
        parent = parent[name]
    if by is MISSING:
        del parent[path[-1]]
    else:
        parent[path[-1]] = by
    return value


def member(value: Any, path: tuple[Any, ...]) -> Any:
    """The member at a path."""
    for name in path:
        value = value[name]
    return value


def is_binary(value: object) -> bool:
    """Whether a member is base64url of something."""
    return isinstance(value, str) and len(value) > 40 and value.isascii() and not set(value) & set(" :/")


def garbled_text(text: str, random: Random) -> str:
    """Base64url, or one part of a compact JWS, that holds something else."""
    parts = text.split(".")
    at = random.randrange(len(parts))
    parts[at] = base64url.encode(garbled(base64url.decode(parts[at]), random))
    return ".".join(parts)


def garbled(data: bytes, random: Random) -> bytes:
    """Other bytes: of JSON sometimes another member, of anything some bytes lost, doubled or other."""
    # Two bytes tell: a signature may begin with a brace too, one in 256 does.
    if data.startswith(b'{"') and data.endswith(b"}") and random.random() < 0.7:
        said = json.loads(data)
        said = replaced(said, random.choice(places(said)), random.choice([MISSING, drawn(random)]))
        return json.dumps(said).encode()
    content = bytearray(data)
    for _ in range(random.randint(1, 3)):
        at = random.randrange(len(content))
        kind = random.randrange(4)
        content[at : at + 1] = [bytes([random.randrange(256)]), b"", content[at : at + 9] * 2, b"\xff" * 4][kind]
        content = content or bytearray(b"0")
    return bytes(content)
