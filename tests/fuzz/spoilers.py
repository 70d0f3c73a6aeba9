"""Spoilers: each makes of a right request one that must be refused; what it does is drawn from a seeded source."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import quote

from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from smartident_client import base64url
from tests.fuzz.oddities import BODIES, DEEP, RAW, VALUES, drawn, garbled_text, is_binary, member, places, replaced
from tests.support import forged_evidence
from tests.support.forged_evidence import MISSING
from tests.support.world import URL

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from tests.fuzz.stage import Ask, Stage

Spoiler: TypeAlias = "Callable[[Ask, Stage, Random], None]"


def other_member(ask: Ask, stage: Stage, random: Random) -> None:
    """One member, however deep, is another or gone."""
    ask.body = replaced(ask.body, random.choice(places(ask.body)), random.choice([MISSING, drawn(random)]))


def raw_member(ask: Ask, stage: Stage, random: Random) -> None:
    """One member is what JSON does not know."""
    mark = "\ue001"
    text = json.dumps(replaced(ask.body, random.choice(places(ask.body)), mark), ensure_ascii=False)
    raw = random.choice(RAW)
    ask.raw = text.encode().replace(f'"{mark}"'.encode(), raw)


def unknown_member(ask: Ask, stage: Stage, random: Random) -> None:
    """One member more, at the top."""
    name = random.choice(["admin", "two_factor", "account_id", "__class__", "", "Decision", "decision ", "\x00"])
    ask.body = {**ask.body, name: drawn(random)}


def twice(ask: Ask, stage: Stage, random: Random) -> None:
    """A member stands there twice, the second time as another."""
    name = random.choice(list(ask.body))
    text = json.dumps(ask.body)
    ask.raw = f"{text[:-1]}, {json.dumps(name)}: {json.dumps(drawn(random))}}}".encode()


def other_bytes(ask: Ask, stage: Stage, random: Random) -> None:
    """Some bytes of the body are lost, doubled or other."""
    content = bytearray(json.dumps(ask.body).encode())
    for _ in range(random.randint(1, 4)):
        at = random.randrange(len(content))
        kind = random.randrange(3)
        content[at : at + 1] = [bytes([random.randrange(256)]), b"", content[at : at + 9] * 2][kind]
        content = content or bytearray(b"0")
    ask.raw = bytes(content)


def no_body(ask: Ask, stage: Stage, random: Random) -> None:
    """The body is something else."""
    ask.raw = random.choice([*BODIES, random.randbytes(random.randrange(200))])


def content_type(ask: Ask, stage: Stage, random: Random) -> None:
    """The body says that it is no JSON."""
    ask.headers["content-type"] = random.choice(["", "text/plain", "application/jsonx", "a/b,application/json", "\xff"])


def forged_header(ask: Ask, stage: Stage, random: Random) -> None:
    """The proof's header claims another algorithm, key or kind."""
    key = {"jwk": stage.boris.phone.key.public_jwk()}
    private = {"jwk": stage.anna.newcomer.key.private_jwk()}
    ask.proof_header = random.choice(
        [
            {"alg": "none"}, {"alg": "HS256"}, {"alg": "RS256"}, {"alg": "es256"}, {"alg": drawn(random)}, private,
            {"typ": "JWT"}, {"typ": MISSING}, {"typ": drawn(random)}, {"crit": ["exp"]},
            {"b64": False, "crit": ["b64"]},
            {"kid": "x", **key}, {"x5u": URL}, {"jku": URL}, {"kid": drawn(random), "jwk": MISSING},
            {"jwk": drawn(random), "kid": MISSING}, {"alg": MISSING}, {"zip": "DEF"},
            {"jwk": off_curve(stage), "kid": MISSING},
        ]
    )  # fmt: skip


def off_curve(stage: Stage) -> dict[str, Any]:
    """A point that is not on its curve."""
    own = stage.anna.newcomer.key.public_jwk()
    return {**own, "y": own["x"]}


def forged_claims(ask: Ask, stage: Stage, random: Random) -> None:
    """The proof is for another request, another time, another account, or nothing at all."""
    now = stage.world.now
    times: list[Any] = [now - 61, now + 90, 0, -now, now * 1000, 1e400, float("nan"), str(now), True, [], MISSING]
    urls: list[Any] = [URL, URL + ask.path + "/", ask.path, URL.upper() + ask.path, None, drawn(random), MISSING]
    methods: list[Any] = ["TRACE", ask.method.lower(), None, "", drawn(random), MISSING]
    names: list[Any] = [MISSING, "", "a" * 129, 1, None, ["a"], "half \ud800"]
    hashes: list[Any] = ["", base64url.encode(bytes(32)), [], 1]
    wrong: list[dict[str, Any]] = [
        *({"iat": value} for value in times),
        *({"htm": value} for value in methods),
        *({"htu": value} for value in urls),
        *({"jti": value} for value in names),
        *({"body_sha256": value} for value in hashes),
    ]
    if ask.phone is not None and ask.phone.account_id:
        wrong += [{"sub": value} for value in (MISSING, "", stage.boris.account.id, ask.path, drawn(random))]
    ask.proof_claims = random.choice(wrong)


def forged_signature(ask: Ask, stage: Stage, random: Random) -> None:
    """The proof is signed by another key, in DER, in part, or not at all."""
    assert ask.phone is not None
    if random.random() < 0.2:
        ask.signs_with = stage.boris.phone
        return
    content = json.dumps(ask.body).encode() if ask.body else b""
    made = forged_evidence.proof(ask.phone, now=stage.world.now, method=ask.method, path=ask.path, body=content).proof
    text, _, signature = made.rpartition(".")
    raw = base64url.decode(signature)
    der = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    signatures = [der, raw[:63], raw + b"\0", bytes(64), b"\xff" * 64, b"", raw[32:] + raw[:32], random.randbytes(64)]
    ask.proof = random.choice(
        [
            *(f"{text}.{base64url.encode(one)}" for one in signatures),
            made + "=", made + ".", "." + made, made[:-1] + "!", f"{made}, {made}", f"{made},{made}", "", " ", "..",
            "a.b.c",
            json.dumps({"payload": text.split(".")[1], "signatures": []}), made * 40, f"Bearer {made}",
            made.replace(".", "..", 1),
        ]
    )  # fmt: skip


def other_path(ask: Ask, stage: Stage, random: Random) -> None:
    """The id in the path is somebody else's, of another kind, or nobody's; the proof is made for it."""
    boris, anna = stage.boris, stage.anna
    ids = [
        boris.started.login.id, boris.registered.registration_id, boris.phone.key.thumbprint, boris.account.id,
        anna.account.id, anna.account.id + ".", "." + anna.account.id,
        anna.account.id + ".ACCOUNT", anna.account.id + ".~",
        boris.account.id + "." + anna.started.login.id.partition(".")[2], "ACCOUNT", "x" * 3000, "a." + "x" * 1500,
        *(value for value in VALUES if isinstance(value, str) and value and value.isprintable() and value != DEEP),
    ]  # fmt: skip
    parts = ask.path.split("/")
    parts[3] = quote(random.choice(ids), safe="")
    ask.path = "/".join(parts)


def other_token(ask: Ask, stage: Stage, random: Random) -> None:
    """The bearer token is another's, of another kind, or none."""
    login = stage.anna.started
    tokens = [
        stage.boris.started.token,
        login.ticket,
        login.ticket.rpartition(".")[2],
        login.login.id,
        login.token[:-1],
    ]
    tokens += ["", " ", "null", "é", "\x00", "x" * 5000, login.token + "=", login.login.token_hash]
    ask.headers["authorization"] = random.choice(
        [
            *(f"Bearer {token}" for token in tokens),
            "",
            "Bearer",
            login.token,
            f"Basic {login.token}",
            f"DPoP {login.token}",
        ]
    )


def nonsense_signed(ask: Ask, stage: Stage, random: Random) -> None:
    """The right approval key signs what is no approval of this login, or under another header."""
    member = random.choice(["v", "purpose", "decision", "statement", "transfer_code", "iat", "more"])
    value = random.choice([MISSING, 1.5, "approve ", stage.boris.started.login.statement, drawn(random)])
    if member == "iat" and isinstance(value, int):
        value = str(value)
    if member == "more" and value is MISSING:
        value = "what is not there cannot be left out"
    headers: list[dict[str, Any]] = [
        {"alg": "none"},
        {"alg": "HS256"},
        {"kid": "x"},
        {"typ": "JWT"},
        {"crit": []},
        {"alg": []},
    ]
    header = random.choice(headers)
    raw_key = stage.kind == "jwk" and random.random() < 0.5
    evidence = stage.evidence(header=header) if raw_key else stage.evidence({member: {} if value == 1 else value})
    ask.body = {"decision": "approve", "evidence": evidence}


def other_binary(ask: Ask, stage: Stage, random: Random) -> None:
    """What some base64url text holds is other bytes, or other JSON."""
    texts = [path for path in places(ask.body) if is_binary(member(ask.body, path))]
    path = random.choice(texts)
    ask.body = replaced(ask.body, path, garbled_text(member(ask.body, path), random))


BODY: list[Spoiler] = [other_member, raw_member, unknown_member, twice, other_bytes, no_body, content_type]
PROOF: list[Spoiler] = [forged_header, forged_claims, forged_signature]


def spoilers(name: str, ask: Ask) -> list[Spoiler]:
    """What can be spoiled of a request."""
    found: list[Spoiler] = [*BODY] if ask.body else []
    found += PROOF if ask.phone else [other_token] if "authorization" in ask.headers else []
    found += [other_path] if ask.path.count("/") > 2 else []
    found += [nonsense_signed] if name == "approve" else []
    found += [other_binary] if name in {"approve", "verify", "register"} else []
    return found
