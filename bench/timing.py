"""Whether anybody tells by an answer or its time what a name or a password is worth: `make bench-timing`.

Three kinds of refused attempts go to the laptop stack in random order, on both routes that take a password: a name of
nobody, a wrong password, and the right password of an account beyond its limit, where every password is wrong.
Their bytes must be equal. AUC is the chance that an answer of one kind takes longer than one of another.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx

from smartident_client.keys import Key
from smartident_client.proof import device_proof
from smartident_laptop.demo.accounts import SEED_HANDLER
from smartident_laptop.stack import Stack

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

PASSWORD, WRONG = "Sommerregen-17", "falsch"
ROUTES = ("/v1/logins", "/v1/keys")
KINDS = ("unknown", "wrong", "locked")
# A name has so many failures an hour: as many tries of each, and after as many by e-mail the account itself is locked.
TRIES = 10
MAX_AUC = 0.55
PARAMETERS = {"FailuresPerHour": str(TRIES), "PasswordTries": "100", "AddressFailures": "100000"}
IN_EVERY_ANSWER = {"date", "x-request-id", "apigw-requestid"}


@dataclass(frozen=True)
class Try:
    """One attempt."""

    route: str
    kind: str
    identifier: str
    password: str


def auc(left: Sequence[float], right: Sequence[float]) -> float:
    """How well a threshold tells the two samples apart, whichever is the longer: 0.5 not at all, 1 always."""
    above = sum((one > other) + (one == other) / 2 for one in left for other in right)
    share = above / (len(left) * len(right))
    return max(share, 1 - share)


def names(pairs: int) -> dict[tuple[str, str], list[str]]:
    """The access numbers that each kind of attempt on each route is made with; those of nobody begin with 9."""
    many, found, number = -(-pairs // TRIES), {}, 500_000_000
    for route in ROUTES:
        for kind in KINDS:
            first = number + 400_000_000 if kind == "unknown" else number
            found[route, kind] = [str(first + place) for place in range(many)]
            number += many
    return found


def person(number: str) -> dict[str, object]:
    """The account of somebody."""
    account = {"number": number, "password": PASSWORD, "display_name": "Anna Berger", "phone": "+4917604069011"}
    return {**account, "email": f"{number}@example.org", "two_factor": True}


class Caller:
    """Asks the stack and looks at the clock."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._client = httpx.Client(timeout=60)

    def ask(self, one: Try) -> tuple[Try, str, float]:
        """The attempt, its whole answer but for what differs in every one, and the seconds that it took."""
        body, headers = self._request(one)
        began = time.perf_counter()
        answer = self._client.post(self._url + one.route, content=body, headers=headers)
        took = time.perf_counter() - began
        told = {name: value for name, value in answer.json().items() if name != "request_id"}
        sent = {name: value for name, value in answer.headers.items() if name.lower() not in IN_EVERY_ANSWER}
        return one, json.dumps([answer.status_code, sent, told], sort_keys=True), took

    def _request(self, one: Try) -> tuple[bytes, dict[str, str]]:
        credentials: dict[str, Any] = {"identifier": one.identifier, "password": one.password}
        headers = {"content-type": "application/json"}
        if one.route == "/v1/logins":
            return json.dumps(credentials).encode(), headers
        key = Key.make()
        device = {"device_key": key.public_jwk(), "device_name": "Telefon", "platform": "ios"}
        body = json.dumps({**credentials, **device}).encode()
        proof = device_proof(key, method="POST", url=self._url + one.route, now=int(time.time()), body=body)
        return body, {**headers, "DPoP": proof}


def measure(url: str, pairs: int, lanes: int) -> list[tuple[Try, str, float]]:
    """Lock the accounts that are to be locked, then ask for everything in random order."""
    found, caller = names(pairs), Caller(url)
    locked = [
        Try("/v1/logins", "", f"{number}@example.org", WRONG) for route in ROUTES for number in found[route, "locked"]
    ]
    asked = [
        Try(route, kind, number, PASSWORD if kind == "locked" else WRONG)
        for (route, kind), numbers in found.items()
        for number in numbers
        for _ in range(TRIES)
    ]
    random.shuffle(asked)
    with ThreadPoolExecutor(lanes) as pool:
        list(pool.map(caller.ask, locked * TRIES))
        return list(pool.map(caller.ask, asked))


def report(heard: Iterable[tuple[Try, str, float]]) -> bool:
    """Print what was found; whether nothing tells the kinds apart."""
    samples: dict[tuple[str, str], list[float]] = {}
    answers: dict[str, set[str]] = {}
    for one, answer, took in heard:
        samples.setdefault((one.route, one.kind), []).append(took)
        answers.setdefault(one.route, set()).add(answer)
    silent = True
    for route in ROUTES:
        print(f"{route}: {len(answers[route])} different answers")
        for left, right in (("unknown", "wrong"), ("wrong", "locked"), ("unknown", "locked")):
            value = auc(samples[route, left], samples[route, right])
            middle = [sorted(samples[route, kind])[len(samples[route, kind]) // 2] * 1000 for kind in (left, right)]
            print(f"  {left} and {right}: AUC {value:.3f}, medians {middle[0]:.1f} and {middle[1]:.1f} ms")
            silent &= value < MAX_AUC
        silent &= len(answers[route]) == 1
    return silent


def main(arguments: list[str]) -> int:
    """Measure on a stack of one's own; 1 if something tells the kinds apart."""
    parser = argparse.ArgumentParser(prog="make bench-timing", description=__doc__)
    parser.add_argument("--pairs", type=int, default=500, help="attempts of each kind on each route")
    parser.add_argument("--lanes", type=int, default=4, help="attempts at once")
    parser.add_argument("--fixed-ms", type=int, default=800, help="FailedAnswerMs of the stack")
    options = parser.parse_args(arguments)
    parameters = {**PARAMETERS, "FailedAnswerMs": str(options.fixed_ms)}
    with (
        Path(os.devnull).open("w", encoding="utf-8") as log,
        Stack(seed=False, parameters=parameters, log=log) as stack,
    ):
        if stack.containers is None:
            raise RuntimeError("the stack did not start")
        people = [number for (_, kind), some in names(options.pairs).items() if kind != "unknown" for number in some]
        stack.containers.call(SEED_HANDLER, {"people": [person(one) for one in people], "clients": []}, name="Seed")
        silent = report(measure(stack.url, options.pairs, options.lanes))
    print("Nothing tells them apart." if silent else "SOMETHING TELLS THEM APART.")
    return 0 if silent else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
