"""`python -m rehearsal`, which is `make rehearse`: deploy what was built, play the story, and see a lack be noticed."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from console.browser import Browser
from console.memory import Memory
from console.phone import Phone
from console.phone_texts import PHONE_TEXTS
from console.story import Differs, Person, play
from console.story_texts import STORY_TEXTS
from console.voice import Voice
from local.cloud import CREDENTIALS
from local.containers import Containers
from local.people import ANNA, SABINE, THOMAS, code_in, settle
from rehearsal.deployment import Deployment, deploy
from rehearsal.permissions import withheld
from rehearsal.stack_template import http_url
from rehearsal.stand_in import OPERATOR, StandIn, StandInFailed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from console.answers import Registration
    from local.people import Person as Resident

PAGE = "https://financeapp.example"
# Without the first no SMS may seem sent, without the second no approved login become a session; each must be said so.
WITHHELD = (
    ("RegisterKey", "sns:Publish", "sms_unavailable", SABINE),
    ("Complete", "kms:Sign", "signing_unavailable", THOMAS),
)
LOG_LINES = 40


def _parameters(api_url: str) -> dict[str, str]:
    """What an operator decides at the first deployment."""
    return {
        "AllowedOrigins": PAGE,
        "ApiUrl": api_url,
        "AppWebUrl": "https://app.financeapp.example/",
        "Clients": f"financeapp={PAGE}/signed-in",
        "Release": "0" * 64,
        "WebauthnOrigins": "https://app.financeapp.example",
        "WebauthnRpId": "app.financeapp.example",
    }


@contextmanager
def _timed(what: str) -> Iterator[None]:
    began = time.monotonic()
    yield
    print(f"{what}: {time.monotonic() - began:.1f} s", flush=True)


def _settle(deployment: Deployment) -> None:
    """Give everybody their access, as the operator of the stack."""
    settings = deployment.environment("Login")
    containers = Containers({}, {**settings, **CREDENTIALS, **OPERATOR, "AWS_ENDPOINT_URL": deployment.stand_in.url})
    try:
        settle(containers)
    finally:
        containers.close()


def _play(deployment: Deployment, resident: Resident) -> None:
    """Play the story of one resident; raises Differs."""
    stand_in, url = deployment.stand_in, http_url(deployment.stand_in.url)

    def read_code(_: Registration) -> str:
        return code_in(stand_in.sms_to(resident.phone)[-1])

    with (
        tempfile.TemporaryDirectory() as pocket,
        Phone(url, Memory(Path(pocket) / "phone.json")) as phone,
        Browser(url, origin=PAGE) as browser,
    ):
        person = Person(resident.number, resident.password, read_code=read_code)
        play(person, browser=browser, phone=phone, voice=Voice({**PHONE_TEXTS, **STORY_TEXTS}, "de"))


def _play_without(deployment: Deployment, function: str, action: str, noticed: str, resident: Resident) -> None:
    """Play it with one permission taken away: raises Differs unless that is noticed where it must be."""
    try:
        with withheld(deployment, function, action):
            _play(deployment, resident)
    except Differs as lack:
        if noticed not in str(lack):
            raise
        print(f"\nwithout {action} of {function} the story fails, as it must: {lack}\n", flush=True)
        return
    raise Differs(f"the story ends well without {action} of {function}: permissions are not enforced")


def _rehearse(stand_in: StandIn, template: Path, artifacts: Path) -> None:
    translated = json.loads(template.read_text(encoding="utf-8"))
    with _timed("deployed"):
        deployment = deploy(stand_in, translated, artifacts, _parameters(http_url(stand_in.url)))
    with _timed("people settled"):
        _settle(deployment)
    try:
        with _timed("story"):
            _play(deployment, ANNA)
        for lack in WITHHELD:
            with _timed(f"story without {lack[1]}"):
                _play_without(deployment, *lack)
    except Differs:
        print(*deployment.complaints(), sep="\n", file=sys.stderr)
        raise


def main(arguments: list[str]) -> int:
    """Rehearse; 1 if anything went another way than promised."""
    parser = argparse.ArgumentParser(prog="make rehearse", description=__doc__)
    parser.add_argument("--python", type=Path, required=True, help="interpreter of the environment with MiniStack")
    parser.add_argument("--template", type=Path, required=True, help="the built template as CloudFormation (JSON)")
    parser.add_argument("--artifacts", type=Path, required=True, help="folder with one artifact per function")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryFile("w+", encoding="utf-8") as log:
        try:
            # Not resolved: the link itself makes the interpreter that environment's.
            with StandIn(options.python.absolute(), log) as stand_in:
                _rehearse(stand_in, options.template, options.artifacts)
        except (Differs, StandInFailed) as failure:
            log.seek(0)
            print(*log.readlines()[-LOG_LINES:], sep="", file=sys.stderr)
            print(failure, file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
