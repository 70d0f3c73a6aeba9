"""The options that every operator's command takes, and the deployment that they open."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from botocore.exceptions import BotoCoreError, ClientError
from pynamodb.exceptions import PynamoDBException

from console.candidates import Unfit
from console.deployment import Deployment, NotDeployed, deployed
from console.doctor_texts import DOCTOR_TEXTS
from console.log_texts import LOG_TEXTS
from console.operator_texts import OPERATOR_TEXTS
from console.phone_options import give_up
from console.phone_texts import PHONE_TEXTS
from console.voice import Voice
from console.wire import Language
from smartident.accounts.account import (
    Account,
    read_account,
)
from smartident.accounts.names import (
    find_accounts,
)
from smartident.settings import SettingMissing
from smartident.storage.table import Conflict

StackName = Annotated[str, typer.Option("--stack", envvar="SMARTIDENT_STACK", help="CloudFormation stack to work on.")]
OnLaptop = Annotated[bool, typer.Option("--local", help="Work on the laptop's stack (make run).")]
Port = Annotated[int, typer.Option("--port", help="The laptop stack's port.")]
Who = Annotated[str, typer.Argument(help="Account number, or an e-mail that stands for one account only.")]

LAPTOP_PORT = 8080
TEXTS = {**PHONE_TEXTS, **OPERATOR_TEXTS, **LOG_TEXTS, **DOCTOR_TEXTS}


@contextmanager
def at_work(stack: str, on_laptop: bool, port: int, language: Language) -> Iterator[tuple[Deployment, Voice]]:  # noqa: FBT001  as Typer hands them on
    """Open the deployment; what goes wrong while it is open is said in one sentence, with exit code 1."""
    voice = Voice(TEXTS, language)
    try:
        # The laptop is asked for by a flag, so a stack named in the environment gives way to it.
        with deployed("" if on_laptop else stack, on_laptop=on_laptop, port=port) as deployment:
            yield deployment, voice
    except NotDeployed as missing:
        give_up(voice, missing.sentence, **missing.values)
    except Unfit as unfit:
        give_up(voice, "unfit", field=unfit.field, what=voice.text(unfit.sentence))
    except (ClientError, BotoCoreError, PynamoDBException) as error:
        give_up(voice, "aws_failed", error=error)
    except SettingMissing as missing_setting:
        give_up(voice, "setting_missing", error=missing_setting)
    except Conflict:
        give_up(voice, "in_the_way")
    except OSError as no_file:
        give_up(voice, "no_file", error=no_file)


def the_account(who: str, voice: Voice) -> Account:
    """Find the account that is meant; gives up if there is none, or several."""
    found = [account for account in map(read_account, find_accounts(who)) if account and account.number]
    if not found:
        give_up(voice, "nobody", who=who)
    if len(found) > 1:
        give_up(voice, "several", who=who, numbers=", ".join(account.number for account in found))
    return found[0]
