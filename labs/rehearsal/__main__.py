"""`python -m labs.rehearsal`, which is `make rehearse`: deploy, play the story, see a lack be noticed, deploy again."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from labs.rehearsal.deployment import Deployment, deploy, deploy_again
from labs.rehearsal.permissions import withheld
from labs.rehearsal.rotation import rotate
from labs.rehearsal.stack_template import http_url
from labs.rehearsal.stand_in import OPERATOR, StandIn, StandInFailed
from smartident_cli.story.play import Differs, Person, play
from smartident_cli.terminal import Terminal
from smartident_client.browser import Browser
from smartident_client.keystore import KeyStore
from smartident_client.phone import Phone
from smartident_client.sms import code_in
from smartident_laptop.demo.accounts import ANNA, DEMO_ACCOUNTS, SABINE, THOMAS, seed
from smartident_laptop.moto.cloud import CREDENTIALS
from smartident_laptop.runtime.containers import Containers

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from smartident_client.answers import Registration
    from smartident_laptop.demo.accounts import DemoAccount

PAGE = "https://financeapp.example"
# Without the first no SMS may seem sent, without the second no approved login become a session; each must be said so.
WITHHELD = (
    ("RegisterKey", "sns:Publish", "sms_unavailable", SABINE),
    ("Complete", "kms:Sign", "signing_unavailable", THOMAS),
)
# No default and no value that any other setting has.
CHANGED = {"LoginLifetime": "247"}
LOG_LINES = 40


def _parameters(api_url: str, release: str) -> dict[str, str]:
    """What an operator decides at the first deployment."""
    return {
        "AllowedOrigins": PAGE,
        "PublicUrl": api_url,
        "AppWebUrl": "https://app.financeapp.example/",
        "ClientOrigins": PAGE,
        "ClientRedirectUri": f"{PAGE}/signed-in",
        "Release": release,
        "WebauthnOrigins": "https://app.financeapp.example",
        "WebauthnRpId": "app.financeapp.example",
    }


@contextmanager
def _timed(what: str) -> Iterator[None]:
    began = time.monotonic()
    yield
    print(f"{what}: {time.monotonic() - began:.1f} s", flush=True)


def _seed(deployment: Deployment) -> None:
    """Give everybody their account, as the operator of the stack."""
    settings = deployment.environment("Login")
    containers = Containers({}, {**settings, **CREDENTIALS, **OPERATOR, "AWS_ENDPOINT_URL": deployment.stand_in.url})
    try:
        seed(containers, DEMO_ACCOUNTS, ())
    finally:
        containers.close()


def _play(deployment: Deployment, resident: DemoAccount) -> None:
    """Play the story of one resident; raises Differs."""
    stand_in, url = deployment.stand_in, http_url(deployment.stand_in.url)

    def read_code(_: Registration) -> str:
        return code_in(stand_in.sms_to(resident.phone)[-1])

    with (
        tempfile.TemporaryDirectory() as pocket,
        Phone(url, KeyStore(Path(pocket) / "phone.json")) as phone,
        Browser(url, origin=PAGE) as browser,
    ):
        person = Person(resident.number, resident.password, read_code=read_code)
        play(person, browser=browser, phone=phone, terminal=Terminal("de"))


def _play_without(deployment: Deployment, function: str, action: str, noticed: str, resident: DemoAccount) -> None:
    """Play it with one permission taken away: raises Differs unless that is noticed where it must be."""
    faults = deployment.faults()
    try:
        with withheld(deployment, function, action):
            _play(deployment, resident)
    except Differs as lack:
        if noticed not in str(lack):
            raise
        if deployment.faults() == faults:
            raise Differs(f"no alarm of the shift rings without {action} of {function}") from lack
        print(f"\nwithout {action} of {function} the story fails, as it must: {lack}\n", flush=True)
        return
    raise Differs(f"the story ends well without {action} of {function}: permissions are not enforced")


def _change_a_setting(deployment: Deployment, template: dict[str, Any], parameters: dict[str, str]) -> None:
    """Deploy another setting over what is there; raises Differs unless callers meet it."""
    deploy_again(deployment, template, {**parameters, **CHANGED})
    if not set(CHANGED.values()) <= set(deployment.environment("Login").values()):
        raise Differs(f"callers do not meet the setting that was deployed: {CHANGED}")


def _rehearse(stand_in: StandIn, releases: Sequence[str], artifacts: Path) -> None:
    first, second, *others = (json.loads((artifacts / f"{name}.json").read_text(encoding="utf-8")) for name in releases)
    parameters, again, *later = (_parameters(http_url(stand_in.url), release) for release in releases)
    with _timed("deployed"):
        deployment = deploy(stand_in, first, artifacts, parameters)
    with _timed("accounts seeded"):
        _seed(deployment)
    try:
        with _timed("story"):
            _play(deployment, ANNA)
        for lack in WITHHELD:
            with _timed(f"story without {lack[1]}"):
                _play_without(deployment, *lack)
        with _timed("deployed again, with another setting"):
            _change_a_setting(deployment, second, again)
        with _timed("signing key rotated"):
            rotate(deployment, others, later, PAGE)
    except Differs:
        print(*deployment.complaints(), sep="\n", file=sys.stderr)
        raise


def main(arguments: list[str]) -> int:
    """Rehearse; 1 if anything went another way than promised."""
    parser = argparse.ArgumentParser(prog="make rehearse", description=__doc__)
    parser.add_argument("--python", type=Path, required=True, help="interpreter of the environment with MiniStack")
    parser.add_argument("--artifacts", type=Path, required=True, help="folder with one artifact per function")
    parser.add_argument(
        "--releases", nargs=5, required=True, help="releases in their order, whose templates lie beside them (JSON)"
    )
    options = parser.parse_args(arguments)
    with tempfile.TemporaryFile("w+", encoding="utf-8") as log:
        try:
            # Not resolved: the link itself makes the interpreter that environment's.
            with StandIn(options.python.absolute(), log) as stand_in:
                _rehearse(stand_in, options.releases, options.artifacts)
        except (Differs, StandInFailed) as failure:
            log.seek(0)
            print(*log.readlines()[-LOG_LINES:], sep="", file=sys.stderr)
            print(failure, file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
