"""The options that every phone command takes, and the phone that they open."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from smartident_cli.terminal import Terminal, refusals_said
from smartident_client.keystore import Account, KeyStore
from smartident_client.phone import Phone
from smartident_client.wire import Language

LOCAL_URL = "http://localhost:8080"
"""Where `make run` serves the API."""

Url = Annotated[
    str, typer.Option("--url", envvar="SMARTIDENT_URL", help="Base URL of the API; the stored accounts' without it.")
]
File = Annotated[
    Path, typer.Option("--file", envvar="SMARTIDENT_PHONE", help="The phone's keys; only its owner may read it.")
]
Number = Annotated[str, typer.Option("--account", help="Access number, where the phone holds several accounts.")]

DEFAULT_FILE = Path("~/.smartident/phone.json")


@contextmanager
def phone_in_hand(url: str, file: Path, language: Language, *, as_json: bool) -> Iterator[tuple[Phone, Terminal]]:
    """Open the phone; what is refused while it is open is said in one sentence."""
    terminal = Terminal(language, as_json=as_json)
    with refusals_said(terminal):
        keystore = KeyStore(file.expanduser())
        with Phone(url or known_url(keystore), keystore, language=language) as phone:
            yield phone, terminal


def known_url(keystore: KeyStore) -> str:
    """Tell the service that the phone's accounts belong to, or the laptop's for a new phone."""
    urls = {account.url for account in keystore.accounts()}
    return urls.pop() if len(urls) == 1 else LOCAL_URL


def chosen_account(phone: Phone, number: str, terminal: Terminal) -> Account:
    """Find the account that is meant: the only one, or the one with this number."""
    accounts = phone.accounts()
    if not accounts:
        terminal.give_up("no_account")
    fitting = [account for account in accounts if number in {"", account.access_number}]
    if len(fitting) != 1:
        terminal.give_up("which_account", numbers=", ".join(account.access_number for account in accounts))
    return fitting[0]
