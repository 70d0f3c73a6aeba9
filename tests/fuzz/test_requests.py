"""Requests that no app makes: each is refused by a documented code, and the table is as it was."""

from __future__ import annotations

import json
import os
from typing import Any

import pytest

from smartident.http.problems import PROBLEMS
from tests.fuzz.oddities import seeded
from tests.fuzz.spoilers import BODY, nonsense_signed, other_binary, spoilers
from tests.fuzz.stage import Ask, Stage
from tests.support.world import World

INPUTS = int(os.environ.get("FUZZ_INPUTS", "120"))
CHUNK = 40
OURS = {code for code, problem in PROBLEMS.items() if problem.status < 500}
# What a body must still say to be taken at its word; whatever else it says is the caller's own.
DECIDING = {
    "start": ["password"],
    "register": ["password", "device_key"],
    "verify": ["code"],
    "deny": ["decision"],
    "rename": [],
}
SIGNED = ["jws", "payload", "clientDataJSON", "authenticatorData", "signature"]


def deciding(name: str, body: Any) -> Any:
    """What decides of a body: a few members, of an approval all that its signature covers."""
    if name in DECIDING:
        return [body[member] for member in DECIDING[name]]
    evidence = body["evidence"]
    response = evidence.get("assertion", {}).get("response", {})
    # A removal says what it is for in its statement, which an approval has in what is signed.
    signed = [evidence.get(member, response.get(member)) for member in SIGNED]
    return [body.get("decision"), body.get("statement"), signed]


def still_right(name: str, ask: Ask, right: Any) -> bool:
    """Whether a spoiled body says what it may say."""
    said = ask.body if ask.raw is None else json.loads(ask.raw)
    return bool(deciding(name, said) == deciding(name, right))


@pytest.mark.parametrize("kind", ["jwk", "webauthn"])
@pytest.mark.parametrize("chunk", range(INPUTS // CHUNK // 2))
def test_no_request_is_a_fault_and_no_refusal_changes_anything(world: World, chunk: int, kind: str) -> None:
    stage = Stage(world, kind)
    for number in range(chunk * CHUNK, (chunk + 1) * CHUNK):
        random = seeded(f"{kind} {number}")
        name = random.choice(sorted(stage.asks()))
        ask = stage.asks()[name]
        right, spoil = ask.body, random.choice(spoilers(name, ask))
        spoil(ask, stage, random)
        status, _, body = stage.send(ask)
        told = f"{kind} {number}: {name}, {spoil.__name__}: {ask} -> {status} {body}"
        if status < 300:
            assert spoil in {*BODY, other_binary}, told
            assert still_right(name, ask, right), told
            stage = Stage(world, kind)
        else:
            assert body["code"] in OURS, told
            if spoil is nonsense_signed and body["code"] == "transfer_code_wrong":
                stage = Stage(world, kind)
            assert stage.state() == stage.before, told
