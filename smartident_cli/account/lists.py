"""`smartident account list|find`: the accounts of a deployment, a page at a time, or those that something fits."""

import json
import unicodedata
from collections.abc import Iterable
from itertools import islice
from typing import Annotated

import typer

from smartident.accounts.account import Account
from smartident.accounts.names import accounts_named, scan_accounts
from smartident_cli.account.members import members
from smartident_cli.deployment_options import LAPTOP_PORT, OnLaptop, Port, StackName, open_deployment
from smartident_cli.invalid_field import InvalidField
from smartident_cli.options import AsJson, LanguageOption
from smartident_cli.terminal import Terminal, plain
from smartident_cli.visible import as_typed, visible
from smartident_client import base64url

PAGE = 100
Limit = Annotated[int, typer.Option("--limit", min=1, help="So many accounts at most.")]
Place = tuple[str, str]


def list_(
    *,
    limit: Limit = PAGE,
    after: Annotated[str, typer.Option(help="Where the list before ended.")] = "",
    stack: StackName = "",
    local: OnLaptop = False,
    port: Port = LAPTOP_PORT,
    language: LanguageOption = "de",
    as_json: AsJson = False,
) -> None:
    """List the accounts, in no order that means anything. It reads the table from end to end: `find` is quicker."""
    with open_deployment(stack, local, port, language, as_json) as (terminal, _, _):
        page = list(islice(scan_accounts(_place(after)), limit + 1))
        more = _cursor(page[limit - 1][1]) if len(page) > limit else None
        _show([account for account, _ in page[:limit]], terminal)
        if more:
            terminal.say("more_accounts", next=more)
        terminal.answer(accounts=[members(account) for account, _ in page[:limit]], next=more)


def find(
    text: Annotated[str, typer.Argument(help="Access number, e-mail, phone number, or a part of one or of the name.")],
    *,
    limit: Limit = PAGE,
    stack: StackName = "",
    local: OnLaptop = False,
    port: Port = LAPTOP_PORT,
    language: LanguageOption = "de",
    as_json: AsJson = False,
) -> None:
    """Find accounts. An access number or e-mail is looked up; for anything else the whole table is read."""
    with open_deployment(stack, local, port, language, as_json) as (terminal, _, _):
        wanted = visible(text)
        named = accounts_named(wanted)
        found = named or list(islice(_matching(wanted), limit))
        if not found:
            terminal.give_up("nobody", who=text)
        _show(found, terminal)
        terminal.answer(accounts=[members(account) for account in found])


def _matching(wanted: str) -> Iterable[Account]:
    part = _folded(wanted)
    digits = "".join(filter(str.isdigit, part)).lstrip("0")
    for account, _ in scan_accounts():
        shown = (account.number, account.display_name, account.email or "")
        if any(part in _folded(one) for one in shown) or (digits and digits in (account.phone or "")):
            yield account


def _folded(text: str) -> str:
    """One spelling: letters composed, digits those of ASCII, neither case nor blanks nor marks that nobody sees."""
    digits = "".join(str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in as_typed(text))
    return "".join(unicodedata.normalize("NFKC", digits).casefold().split())


def _show(accounts: list[Account], terminal: Terminal) -> None:
    table = terminal.table("number", "name", "email", "phone", "two_factor", "devices")
    for account in accounts:
        switch = terminal.text("on_" if account.two_factor else "off_")
        told = (account.number, account.display_name, account.email or "", account.phone or "")
        table.add_row(*map(plain, told), switch, str(account.active_devices))
    terminal.console.print(table)


def _cursor(place: Place) -> str:
    return base64url.encode(json.dumps(place).encode())


def _place(cursor: str) -> Place | None:
    if not cursor:
        return None
    try:
        pk, sk = json.loads(base64url.decode(cursor))
    except ValueError:
        raise InvalidField("--after", "no_list_place") from None
    return str(pk), str(sk)
