"""The options that every operator's command takes, and the deployment that they open."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from botocore.exceptions import BotoCoreError, ClientError
from pynamodb.exceptions import PynamoDBException

from smartident.accounts.account import Account, AccountNotFound
from smartident.accounts.names import accounts_named
from smartident.errors import Refusal
from smartident.http.problems import PROBLEMS
from smartident.settings import SettingMissing
from smartident_cli.deployment import Deployment, NotDeployed, deployed
from smartident_cli.invalid_field import InvalidField
from smartident_cli.service_clock import NoServiceTime, ServiceClock
from smartident_cli.terminal import Terminal
from smartident_cli.visible import visible
from smartident_client.wire import Language

StackName = Annotated[str, typer.Option("--stack", envvar="SMARTIDENT_STACK", help="CloudFormation stack to work on.")]
OnLaptop = Annotated[bool, typer.Option("--local", help="Work on the laptop's stack (make run).")]
Port = Annotated[int, typer.Option("--port", help="The laptop stack's port.")]
Who = Annotated[str, typer.Argument(help="Access number, or an e-mail that only one account has.")]

LAPTOP_PORT = 8080

Work = tuple[Terminal, ServiceClock, Deployment]


@contextmanager
def open_deployment(
    stack: str,
    on_laptop: bool,  # noqa: FBT001  as Typer hands it on
    port: int,
    language: Language,
    as_json: bool,  # noqa: FBT001
) -> Iterator[Work]:
    """Open the deployment; what goes wrong while it is open is said in one sentence, with exit code 1."""
    terminal = Terminal(language, as_json=as_json)
    # The laptop is asked for by a flag, so a stack named in the environment gives way to it.
    wanted = deployed("" if on_laptop else stack, on_laptop=on_laptop, port=port)
    with _failures_said(terminal), _refusals_said(terminal), wanted as deployment:
        yield terminal, ServiceClock(), deployment


@contextmanager
def _refusals_said(terminal: Terminal) -> Iterator[None]:
    """Say what does not fit, or what the service declines: that in the service's own words."""
    try:
        yield
    except InvalidField as invalid:
        what = terminal.text(invalid.sentence, **invalid.values)
        terminal.give_up("invalid_field", field=invalid.field, what=what)
    except Refusal as refusal:
        problem = PROBLEMS[refusal.code]
        title = problem.de if terminal.language == "de" else problem.en
        terminal.give_up("refused", title=title, code=refusal.code)
    except AccountNotFound:
        terminal.give_up("account_gone")


@contextmanager
def _failures_said(terminal: Terminal) -> Iterator[None]:
    """Say what does not work."""
    try:
        yield
    except NotDeployed as missing:
        terminal.give_up(missing.sentence, **missing.values)
    except (ClientError, BotoCoreError, PynamoDBException) as error:
        terminal.give_up("aws_failed", error=error)
    except SettingMissing as missing_setting:
        terminal.give_up("setting_missing", error=missing_setting)
    except NoServiceTime:
        terminal.give_up("no_service_time")
    except BrokenPipeError:
        # Whoever read had enough.
        raise
    except OSError as no_file:
        terminal.give_up("no_file", error=no_file)


def the_account(who: str, terminal: Terminal) -> Account:
    """Find the account that is meant; gives up if there is none, or several."""
    if not visible(who).strip():
        terminal.give_up("who")
    found = accounts_named(visible(who))
    if not found:
        terminal.give_up("nobody", who=who)
    if len(found) > 1:
        terminal.give_up("several", who=who, numbers=", ".join(account.number for account in found))
    return found[0]
