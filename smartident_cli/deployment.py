"""The deployment that an operator's command works on: a CloudFormation stack, or the laptop's stack of `make run`."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from botocore.session import Session

from smartident.clients.client_cache import forget_clients
from smartident.crypto.pepper import pepper
from smartident.passwords.hashing import decoy_hash
from smartident.settings import Settings, settings, settings_of
from smartident_client.run_file import read_run_file, run_file

FUNCTION = "Login"
"""The function whose environment tells the settings: all functions have the same."""
LIVE = "live"
"""The alias of each function that callers reach; what it stands for was deployed last and not taken back."""
TWO = "2"
NAMES = frozenset(field.name.upper() for field in fields(Settings))
# What that function does not know, and which passkeys count by: the parameter, and what it was before there was one.
OF_PARAMETERS = {"PASSKEY_RP_ID": ("PasskeyRpId", ""), "SYNCED_PASSKEYS": ("SyncedPasskeys", "accepted")}


class NotDeployed(Exception):  # noqa: N818  what is missing is named
    """No deployment can be worked on; the text is a sentence's name and what it tells."""

    def __init__(self, sentence: str, **values: object) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.values = values


@dataclass(frozen=True)
class Deployment:
    """What a command works on: its name, its base URL, whether it is the laptop's, and else one of its functions."""

    name: str
    url: str
    local: bool
    function: str = ""
    # Whether it demands that another operator confirms an enrolment code.
    two_operators: bool = False


@contextmanager
def deployed(stack: str, *, on_laptop: bool, port: int) -> Iterator[Deployment]:
    """Work with a deployment's settings, as its functions have them; raises NotDeployed."""
    if on_laptop == bool(stack):
        raise NotDeployed("which_deployment")
    deployment, environment = _laptop(port) if on_laptop else _stack(stack)
    before = {name: os.environ.get(name) for name in environment}
    os.environ.update(environment)
    _forget()
    try:
        yield deployment
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
        _forget()


def _laptop(port: int) -> tuple[Deployment, dict[str, str]]:
    running = read_run_file(run_file(port))
    if running is None:
        raise NotDeployed("no_laptop", port=port)
    two = running.environment.get("ENROLMENT_CODE_OPERATORS") == TWO
    return Deployment(f"laptop:{port}", running.url, local=True, two_operators=two), running.environment


def _stack(name: str) -> tuple[Deployment, dict[str, str]]:
    session = Session()
    try:
        cloudformation: Any = session.create_client("cloudformation")
        described = cloudformation.describe_stacks(StackName=name)["Stacks"][0]
        resource = cloudformation.describe_stack_resource(StackName=name, LogicalResourceId=FUNCTION)
        function = resource["StackResourceDetail"]["PhysicalResourceId"]
        functions: Any = session.create_client("lambda")
        configuration = functions.get_function_configuration(FunctionName=function, Qualifier=LIVE)
    except (ClientError, BotoCoreError) as error:
        raise NotDeployed("no_stack", name=name, error=error) from None
    variables: Mapping[str, str] = configuration.get("Environment", {}).get("Variables", {})
    given = {one["ParameterKey"]: one["ParameterValue"] for one in described.get("Parameters", ())}
    two = given.get("EnrolmentCodeOperators") == TWO
    outputs = {output["OutputKey"]: output["OutputValue"] for output in described.get("Outputs", [])}
    # Behind CloudFront the API refuses calls to its own host.
    reached_by = "PagesUrl" if variables.get("ORIGIN_SECRETS") else "HttpApiUrl"
    url = variables.get("API_URL") or outputs.get(reached_by, "")
    told = {key: given.get(parameter) or before for key, (parameter, before) in OF_PARAMETERS.items()}
    told |= {key: variables[key] for key in NAMES & variables.keys()}
    return Deployment(name, url, local=False, function=function, two_operators=two), told


def _forget() -> None:
    for cached in (settings, settings_of, pepper, decoy_hash):
        cached.cache_clear()
    forget_clients()
