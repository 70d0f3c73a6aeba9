"""The rehearsal from the first deployment to the last, act by act."""

from __future__ import annotations

import json
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from labs.rehearsal.deployment import deploy, deploy_again
from labs.rehearsal.mixtures import mixtures
from labs.rehearsal.notices import PARAMETERS, check_told, verify_sender
from labs.rehearsal.page_passkey import RP_ID
from labs.rehearsal.people import seeded
from labs.rehearsal.rotation import rotate
from labs.rehearsal.stack_template import http_url
from labs.rehearsal.walk import walk
from labs.rehearsal.walker import PAGE, texted
from labs.rehearsal.withholding import check_all_asked, rights, sampled, withhold_each
from smartident_cli.story.play import Differs, Person, play
from smartident_cli.terminal import Terminal
from smartident_client.browser import Browser
from smartident_client.keystore import KeyStore
from smartident_client.phone import Phone
from smartident_laptop.demo.accounts import ANNA, DemoAccount
from smartident_laptop.ports import LOOPBACK

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from random import Random

    from labs.rehearsal.deployment import Deployment
    from labs.rehearsal.stand_in import StandIn

# No default and no value that any other setting has.
CHANGED = {"LoginLifetime": "247"}
SAMPLED_RIGHTS = 5
# Each walk is somebody's own, and a right may take two.
WALKERS = {True: 20, False: 300}


def rehearse(stand_in: StandIn, releases: Sequence[str], artifacts: Path, sample: Random | None) -> list[str]:
    """Play all acts, a sample of versions and rights or, without one, each; the functions that no scene called."""
    first, second, *others = (json.loads((artifacts / f"{name}.json").read_text(encoding="utf-8")) for name in releases)
    told, again, *later = (_parameters(http_url(stand_in.url), release) for release in releases)
    verify_sender(stand_in)
    with _timed("deployed"):
        deployment = deploy(stand_in, first, artifacts, told)
    try:
        with _timed("accounts seeded"):
            people = iter(seeded(deployment, WALKERS[sample is not None]))
        with _timed("story"):
            _play(deployment, ANNA)
        with _timed("told of the new phone"):
            check_told(stand_in, ANNA)
        with _timed("walked"):
            walk(deployment, next(people), "as deployed")
            check_all_asked(deployment)
        called = deployment.called()
        with _timed("deployed again, and in the middle of it"):
            deployment = _shift(deployment, second, again, people, sample)
        with _timed("rights withheld"):
            every = rights(deployment, called)
            withhold_each(deployment, sampled(every, sample, SAMPLED_RIGHTS) if sample else every, people)
        with _timed("signing key and origin's secrets replaced"):
            deployment = rotate(deployment, others, later)
    except Differs:
        print(*deployment.complaints()[-40:], sep="\n", file=sys.stderr)
        raise
    return sorted(set(deployment.functions) - called)


def _parameters(api_url: str, release: str) -> dict[str, str]:
    """What an operator decides at the first deployment; all walkers have one address."""
    return {
        "AddressFailures": "100000",
        "AllowedOrigins": PAGE,
        "PasskeyRpId": RP_ID,
        "PublicUrl": api_url,
        "PushHosts": LOOPBACK,
        "AppWebUrl": "https://app.financeapp.example/",
        "ClientOrigins": PAGE,
        "ClientRedirectUri": f"{PAGE}/signed-in",
        "FailedAnswerMs": "200",
        **PARAMETERS,
        "Release": release,
        "SessionLifetime": "28800",
        "SmsPerPrefixDay": "100000",
        "UnansweredLogins": "100",
        "WebauthnOrigins": "https://app.financeapp.example",
        "WebauthnRpId": "app.financeapp.example",
    }


@contextmanager
def _timed(what: str) -> Iterator[None]:
    began = time.monotonic()
    yield
    print(f"{what}: {time.monotonic() - began:.1f} s", flush=True)


def _play(deployment: Deployment, resident: DemoAccount) -> None:
    """Play the story of one resident; raises Differs."""
    stand_in, url = deployment.stand_in, http_url(deployment.stand_in.url)
    with (
        tempfile.TemporaryDirectory() as pocket,
        Phone(url, KeyStore(Path(pocket) / "phone.json")) as phone,
        Browser(url, origin=PAGE) as browser,
    ):
        person = Person(resident.number, resident.password, read_code=lambda _: texted(stand_in, resident.phone))
        play(person, browser=browser, phone=phone, terminal=Terminal("de"))


def _shift(
    deployment: Deployment,
    template: dict[str, Any],
    parameters: dict[str, str],
    people: Iterator[DemoAccount],
    sample: Random | None,
) -> Deployment:
    """Deploy another setting and walk at each mixture of versions; raises Differs unless callers meet it then."""
    before = deployment.live_versions()
    deployment = deploy_again(deployment, template, {**parameters, **CHANGED})
    after = deployment.live_versions()
    for name, versions in mixtures(before, after, sample):
        deployment.reach(versions)
        walk(deployment, next(people), name)
        print(f"{name}: walked", flush=True)
    deployment.reach(after)
    if not set(CHANGED.values()) <= set(deployment.environment("Login").values()):
        raise Differs(f"callers do not meet the setting that was deployed: {CHANGED}")
    return deployment
