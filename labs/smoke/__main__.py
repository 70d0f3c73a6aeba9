"""`python -m labs.smoke`, which is `make smoke`: a trial on a throw-away AWS account, a verdict for each question."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from bench.cost.prices import REGIONS, Prices
from labs.smoke.account import STACK, Unfit, account_id, check_confirmed, check_phone, check_stage, check_throwaway
from labs.smoke.cost import at_most
from labs.smoke.stack import NotDeployed, Stack
from labs.smoke.trial import tidy_up, try_out
from smartident_cli.terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Callable

ALL_HOLD, SOME_FAIL, NOT_TRIED = 0, 1, 2
INTERRUPTED = 130


def main(arguments: list[str], session: Any = None, ask: Callable[[str], str] = input) -> int:
    """Try it out: 0 if all holds, 1 if something does not, 2 if nothing was tried."""
    options, region = _options(arguments), os.environ.setdefault("AWS_DEFAULT_REGION", "eu-central-1")
    session = session or boto3.Session(region_name=region)

    def aws(service: str) -> Any:
        return session.client(service, region_name=region)

    try:
        check_stage(options.environment)
        account = account_id(aws("sts"))
        if options.remove:
            return tidy_up(aws, _say)
        _prepare(options, session, account, region, ask)
    except Unfit as unfit:
        _say(str(unfit))
        return NOT_TRIED
    except (BotoCoreError, ClientError) as error:
        _say(f"The account cannot be looked at: {error}. Nothing was deployed.")
        return NOT_TRIED
    if subprocess.run([*options.make.split(), "validate", "build"], check=False).returncode:  # noqa: S603  make
        _say("The artifact was not built. Nothing was deployed.")
        return NOT_TRIED
    return _try_out(Stack(aws, options.build, options.sam, region), options.phone)


def _prepare(options: argparse.Namespace, session: Any, account: str, region: str, ask: Callable[[str], str]) -> None:
    """Look at the account, say what it costs, and have the operator confirm; raises Unfit."""
    if not options.phone:
        raise Unfit('Whose phone gets the SMS? make smoke ARGS="--phone +49…". Nothing was deployed.')
    regions = session.get_available_regions("cloudformation")
    check_throwaway(lambda one: session.client("cloudformation", region_name=one), regions)
    check_phone(session.client("sns", region_name=region), options.phone)
    most = at_most(REGIONS.get(region, Prices()))
    _say(f"A trial deploys {STACK} to account {account}, {region}, and removes it again.")
    _say(f"By AWS's list prices it costs at most {most:.2f} USD, most of it SMS to {options.phone}.")
    check_confirmed(options.yes or ask("Type the account's number to begin: "), account)


def _try_out(stack: Stack, phone: str) -> int:
    began = time.monotonic()
    try:
        verdicts = try_out(stack, phone, terminal=Terminal("en"), say=_say)
    except NotDeployed as failed:
        _say(str(failed))
        return SOME_FAIL
    except KeyboardInterrupt:
        return INTERRUPTED
    failed_ = [one for one in verdicts if one.outcome != "holds"]
    _say(f"{len(verdicts) - len(failed_)} of {len(verdicts)} hold; {(time.monotonic() - began) / 60:.0f} minutes")
    return SOME_FAIL if failed_ else ALL_HOLD


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make smoke", description=__doc__)
    parser.add_argument("--build", type=Path, default=Path(".aws-sam/build"), help="the built artifact")
    parser.add_argument("--sam", type=Path, default=Path("sam"), help="SAM's command")
    parser.add_argument("--environment", default=os.environ.get("ENV", ""), help="refused if it is prod")
    parser.add_argument("--make", default="make", help="how make is called, which builds the artifact")
    parser.add_argument("--phone", default="", help="a phone that SNS sends to, as +49…; you type the code")
    parser.add_argument("--yes", default="", metavar="ACCOUNT", help="the account's number, instead of typing it")
    parser.add_argument("--remove", action="store_true", help="only remove what a trial before left")
    return parser.parse_args(arguments)


def _say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
