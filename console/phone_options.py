"""The options that every phone command takes, and the phone that they open."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, NoReturn, TypeVar

import typer

from console.memory import Account, Memory
from console.phone import Phone
from console.phone_texts import PHONE_TEXTS
from console.voice import Voice, refusals_said
from console.wire import Language

LOCAL_URL = "http://localhost:8080"
"""Where `make run` serves the API."""

Url = Annotated[
    str, typer.Option("--url", envvar="SMARTIDENT_URL", help="Base URL of the API; the stored accounts' without it.")
]
File = Annotated[
    Path, typer.Option("--file", envvar="SMARTIDENT_PHONE", help="The phone's keys; only its owner may read it.")
]
Speech = Annotated[Language, typer.Option("--language", envvar="SMARTIDENT_LANGUAGE", help="Deutsch (de) or English.")]
Number = Annotated[str, typer.Option("--account", help="Account number, where the phone holds several accounts.")]

DEFAULT_FILE = Path("~/.smartident/phone.json")
SHOWN = 12
"""Signs of a device's id that are shown: enough to name it by."""

Thing = TypeVar("Thing")


@contextmanager
def phone_in_hand(url: str, file: Path, language: Language) -> Iterator[tuple[Phone, Voice]]:
    """Open the phone; what is refused while it is open is said in one sentence."""
    voice = Voice(PHONE_TEXTS, language)
    with refusals_said(voice):
        memory = Memory(file.expanduser())
        with Phone(url or known_url(memory), memory, language=language) as phone:
            yield phone, voice


def known_url(memory: Memory) -> str:
    """Tell the service that the phone's accounts belong to, or the laptop's for a new phone."""
    urls = {account.url for account in memory.accounts()}
    return urls.pop() if len(urls) == 1 else LOCAL_URL


def chosen_account(phone: Phone, number: str, voice: Voice) -> Account:
    """Find the account that is meant: the only one, or the one with this number."""
    accounts = phone.accounts()
    if not accounts:
        give_up(voice, "no_account")
    fitting = [account for account in accounts if number in {"", account.access_number}]
    if len(fitting) != 1:
        give_up(voice, "which_account", numbers=", ".join(account.access_number for account in accounts))
    return fitting[0]


def the_one(things: list[Thing], start: str, *, name: Callable[[Thing], str]) -> Thing | None:
    """Find the only thing whose name starts so; None when there is none or more than one."""
    fitting = [thing for thing in things if name(thing).startswith(start)]
    exact = [thing for thing in fitting if name(thing) == start]
    return next(iter(exact or fitting)) if len(exact or fitting) == 1 else None


def the_device(devices: list[Thing], start: str, voice: Voice, *, named: Callable[[Thing], tuple[str, str]]) -> Thing:
    """Find the device that is meant, by its name or the start of its id; gives up on none and on several."""
    told = [(device, *named(device)) for device in devices]
    # A phone may name another one as its own id begins: what fits two ways is not guessed.
    fitting = [device for device, name, device_id in told if name == start or device_id.startswith(start)]
    return fitting[0] if len(fitting) == 1 else give_up(voice, "which_device", device=start)


def give_up(voice: Voice, sentence: str, **values: object) -> NoReturn:
    """Say why, and end with exit code 1."""
    voice.complain(sentence, **values)
    raise typer.Exit(1)
