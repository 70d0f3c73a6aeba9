"""release.py BUILD SAMCONFIG ENV FILE: writes every parameter of one deploy into FILE, its Release among them.

A release is all that is deployed: the artifact, the template and what its parameters stand for. Its digest makes SAM
publish new versions of all functions when any of these differs, and of none when nothing does. Parameters that an
environment does not name are written too, at their defaults: CloudFormation would keep what they were before. After a
deploy that was taken back the release is a new one in any case: Lambda kept the versions of that deploy, and publishes
none that equals its latest.
"""

from __future__ import annotations

import json
import secrets
import sys
import tomllib
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
from botocore.exceptions import ClientError

from smartident_cli.key.rotation import may_follow
from smartident_laptop.intrinsics import load
from tools import addresses
from tools.compare import contents
from tools.pages import target

ROOT = Path(__file__).resolve().parent.parent
if TYPE_CHECKING:
    from collections.abc import Mapping

RELEASE = "Release"
KEY_ORDER = "SigningKeyOrder"
# Each is of no use without the other: CloudFormation would notice late, or not at all.
TOGETHER = {
    "ApiCertificateArn": "PublicUrl",
    "PagesCertificateArn": "PagesDomains",
    "PagesDomains": "PagesCertificateArn",
}
# A stack that is not there yet, or was only announced.
NOT_YET = {"", "REVIEW_IN_PROGRESS"}
AT_ONCE = "AllAtOnce"
# Lambda takes 4 KB of environment. A template can bound texts, but no lists.
MAX_LIST_LENGTHS = {"RsaSigningKeys": 170, "WebauthnOrigins": 200, "PushHosts": 200}
ASKING = "--guided"
NAMING = "--name-address"
# No code by which a program ends that failed.
TOLD = 3
ABSENT = "does not exist"
# What make build builds for (Makefile): on another processor no function would start.
BUILT_FOR = "arm64"


class Unfit(Exception):  # noqa: N818  the parameters are unfit, not the program
    """An environment gives a parameter that there is not or that cannot be, or leaves one out that has no default."""


def effective(template: Path, given: Mapping[str, str]) -> dict[str, str]:
    """What each parameter stands for in a deploy: what is given for it, or its default; raises Unfit."""
    declared: dict[str, Any] = load(template)["Parameters"]
    defaults = {name: str(one["Default"]) for name, one in declared.items() if "Default" in one}
    found = {name: value for name, value in {**defaults, **given}.items() if name != RELEASE}
    if wrong := (declared.keys() - {RELEASE}) ^ found.keys():
        raise Unfit(f"unknown, or not given though it has no default: {', '.join(sorted(wrong))}")
    if halves := [name for name, other in TOGETHER.items() if found.get(name) and not found[other]]:
        raise Unfit(f"of no use without {TOGETHER[halves[0]]}: {halves[0]}")
    if long := [name for name, most in MAX_LIST_LENGTHS.items() if len(found[name]) > most]:
        raise Unfit(f"longer than {MAX_LIST_LENGTHS[long[0]]} letters: {long[0]}")
    if found["UniformLogin"] == "on" and found["TransferCodeDigits"] == "0":
        raise Unfit("TransferCodeDigits: 6 or 8 with UniformLogin, which shows a code for every login")
    if unknown := addresses.unknown(found):
        raise Unfit(unknown)
    if found["Architecture"] != BUILT_FOR:
        raise Unfit(f"Architecture: the artifact is built for {BUILT_FOR}")
    return found


def check_lasting(parameters: Mapping[str, str], environment: str) -> None:
    """Raise Unfit for an address that an environment that is for real would outgrow."""
    if passing := addresses.passing(parameters, environment):
        raise Unfit(passing)


def release(build: Path, parameters: Mapping[str, str], salt: str = "") -> str:
    """The digest of what is deployed; whatever machine built it, and whenever."""
    files = {name: digest for name, (digest, _, _) in contents(build).items()}
    template = sha256((build / "template.yaml").read_bytes()).hexdigest()
    parts = [sorted(files.items()), template, sorted(parameters.items()), salt]
    return sha256(json.dumps(parts).encode()).hexdigest()


def given_in(samconfig: Path, environment: str) -> dict[str, str]:
    """The parameters that an environment gives, in any form that `sam deploy` reads."""
    from samcli.cli.types import CfnParameterOverridesType  # noqa: PLC0415  only SAM's environment has its reader

    deploy = tomllib.loads(samconfig.read_text(encoding="utf-8"))[environment]["deploy"]["parameters"]
    found: dict[str, str] = CfnParameterOverridesType().convert(deploy["parameter_overrides"], None, None)
    return found


def status_of(stack: str, *, cloudformation: Any) -> str:
    """What CloudFormation says of the stack; an empty text if there is none yet."""
    return str(_described(stack, cloudformation).get("StackStatus", ""))


def outputs_of(stack: str, *, cloudformation: Any) -> dict[str, str]:
    """The outputs of the stack; none if there is none yet."""
    return {one["OutputKey"]: one["OutputValue"] for one in _described(stack, cloudformation).get("Outputs", ())}


def _described(stack: str, cloudformation: Any) -> dict[str, Any]:
    """What CloudFormation knows of the stack, nothing if there is none yet.

    Any other refusal is passed on: who took it for no stack would deploy one that forgets its address.
    """
    try:
        found: dict[str, Any] = cloudformation.describe_stacks(StackName=stack)["Stacks"][0]
    except ClientError as error:
        if ABSENT not in str(error):
            raise
        return {}
    return found


def taken_back(status: str) -> bool:
    """Whether the deploy before this one was taken back."""
    return "UPDATE_ROLLBACK" in status


def first_shift(given: Mapping[str, str], status: str) -> dict[str, str]:
    """The shift of a first deployment: all at once unless one is given, because there is nothing to shift from."""
    return {"Shift": AT_ONCE} if "Shift" not in given and status in NOT_YET else {}


def key_order(stack: str, *, cloudformation: Any) -> str | None:
    """The SigningKeyOrder of the deploy before this one, or None if there was none."""
    given = _described(stack, cloudformation).get("Parameters", ())
    return next((one["ParameterValue"] for one in given if one["ParameterKey"] == KEY_ORDER), None)


def check_key_order(before: str | None, after: str) -> None:
    """Raise Unfit if during the shift between two orders some login would fail, or some token not verify."""
    if before is not None and not may_follow(before, after):
        raise Unfit(f"{KEY_ORDER}: {after} may not follow {before}; smartident key rotate says what comes next")


def check_runtime(parameters: Mapping[str, str], python: str) -> None:
    """Raise Unfit unless the functions run by the Python whose bytecode and wheels the artifact has."""
    if parameters["PythonRuntime"] != python:
        raise Unfit(f"PythonRuntime: the artifact is built for {python}")


def main(build: Path, samconfig: Path, environment: str, file: Path, *, asking: bool) -> int:
    """Write them; 1 if they are unfit. Where SAM is going to ask for others, nobody knows them: the release is new."""
    stack, region = target(samconfig, environment)
    cloudformation = boto3.client("cloudformation", region_name=region)
    status = status_of(stack, cloudformation=cloudformation)
    outputs = outputs_of(stack, cloudformation=cloudformation)
    try:
        given = given_in(samconfig, environment)
        named = addresses.named_by(outputs, given)
        parameters = effective(build / "template.yaml", {**given, **named, **first_shift(given, status)})
        check_lasting(parameters, environment)
        check_runtime(parameters, f"python{sys.version_info.major}.{sys.version_info.minor}")
        check_key_order(key_order(stack, cloudformation=cloudformation), parameters[KEY_ORDER])
    except Unfit as unfit:
        print(f"{samconfig}, {environment}: {unfit}")
        return 1
    anew = asking or taken_back(status)
    parameters[RELEASE] = release(build, parameters, secrets.token_hex() if anew else "")
    file.write_text(json.dumps(parameters, indent=1) + "\n", encoding="utf-8")
    print(f"release {parameters[RELEASE]}")
    return 0


def name_address(build: Path, samconfig: Path, environment: str, file: Path) -> int:
    """After a first deployment: 0 if the stack now has an address of which its functions must be told, else TOLD."""
    stack, region = target(samconfig, environment)
    outputs = outputs_of(stack, cloudformation=boto3.client("cloudformation", region_name=region))
    before: dict[str, str] = json.loads(file.read_text(encoding="utf-8"))
    named = addresses.named_by(outputs, before)
    if not named:
        return TOLD
    parameters = {name: value for name, value in {**before, **named}.items() if name != RELEASE}
    parameters[RELEASE] = release(build, parameters)
    file.write_text(json.dumps(parameters, indent=1) + "\n", encoding="utf-8")
    print(f"the address is {named['PublicUrl']}: one more update tells the functions")
    return 0


if __name__ == "__main__":
    _, built, config, stage, paper, *arguments = sys.argv
    if NAMING in arguments:
        sys.exit(name_address(Path(built), Path(config), stage, Path(paper)))
    sys.exit(main(Path(built), Path(config), stage, Path(paper), asking=ASKING in arguments))
