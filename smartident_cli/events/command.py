"""`smartident events`: the history of an account, as an operator reads it."""

from typing import Annotated

import typer

from smartident.errors import InvalidRequest
from smartident.logins.history import read_page
from smartident_cli.deployment_options import LAPTOP_PORT, OnLaptop, Port, StackName, Who, open_deployment, the_account
from smartident_cli.options import ID_SHOWN, UNKNOWN, AsJson, LanguageOption
from smartident_cli.terminal import plain


def events(
    who: Who,
    *,
    before: Annotated[str, typer.Option(help="Where the page before ended.")] = "",
    stack: StackName = "",
    local: OnLaptop = False,
    port: Port = LAPTOP_PORT,
    language: LanguageOption = "de",
    as_json: AsJson = False,
) -> None:
    """Read the history of an account, newest first: its logins, devices and settings."""
    with open_deployment(stack, local, port, language, as_json) as (terminal, clock, _):
        try:
            page = read_page(the_account(who, terminal).id, before=before or None, now=clock.now())
        except InvalidRequest:
            terminal.give_up("no_page", before=before)
        table = terminal.table("when", "what", "why", "where", "device")
        for event in _listed(page["events"]):
            where = (str(event[name]) for name in ("browser", "os", "ip") if event[name] not in {None, UNKNOWN})
            table.add_row(
                terminal.moment(int(str(event["at"]))),
                plain(terminal.event(event["type"])),
                plain(terminal.reason(event["reason"])),
                plain(" · ".join(where)),
                plain(str(event["device_id"] or "")[:ID_SHOWN]),
            )
        terminal.console.print(table)
        terminal.answer(**page)
        if page["next"]:
            terminal.say("more", next=page["next"])


def _listed(events_of_page: object) -> list[dict[str, object]]:
    return events_of_page if isinstance(events_of_page, list) else []
