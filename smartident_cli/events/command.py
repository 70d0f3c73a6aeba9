"""`smartident events`: the history of an account, as an operator reads it."""

from typing import Annotated

import typer

from smartident.errors import InvalidRequest
from smartident.history.events import NOTICE, OPERATOR
from smartident_cli.deployment_options import LAPTOP_PORT, OnLaptop, Port, StackName, Who, open_deployment, the_account
from smartident_cli.events.failures import Event
from smartident_cli.events.selection import AROUND, Selection
from smartident_cli.invalid_field import InvalidField
from smartident_cli.moments import moment_of
from smartident_cli.options import ID_SHOWN, UNKNOWN, AsJson, LanguageOption
from smartident_cli.terminal import Terminal, plain


def events(
    who: Who,
    *,
    before: Annotated[str, typer.Option(help="Where the page before ended.")] = "",
    since: Annotated[str, typer.Option(help="All since then: 14:05, 28.11.2026 14:05, 2026-11-28T14:05, 2h, 3d.")] = "",
    at: Annotated[str, typer.Option(help="Those of ten minutes before and after then.")] = "",
    stack: StackName = "",
    local: OnLaptop = False,
    port: Port = LAPTOP_PORT,
    language: LanguageOption = "de",
    as_json: AsJson = False,
) -> None:
    """Read the history of an account, newest first: its logins, devices and settings."""
    with open_deployment(stack, local, port, language, as_json) as (terminal, clock, _):
        now = clock.now()
        selection = _selection(before, since, at, now=now)
        try:
            found, cursor = selection.read(the_account(who, terminal), now=now)
        except InvalidRequest:
            terminal.give_up("no_page", before=before)
        _show(found, terminal)
        if cursor:
            terminal.say("more", next=cursor)
        terminal.answer(events=found, next=cursor)


def _selection(before: str, since: str, at: str, *, now: int) -> Selection:
    if sum(map(bool, (before, since, at))) > 1:
        raise InvalidField("--before, --since, --at", "one_of_them")
    if since:
        return Selection(since=moment_of(since, field="--since", now=now))
    if at:
        moment = moment_of(at, field="--at", now=now)
        return Selection(since=moment - AROUND, until=moment + AROUND)
    return Selection(before=before or None)


def _show(found: list[Event], terminal: Terminal) -> None:
    table = terminal.table("when", "what", "why", "where", "device")
    for event in found:
        where = (str(event[name]) for name in ("browser", "os", "ip") if event[name] not in {None, UNKNOWN})
        table.add_row(
            terminal.moment(int(event["at"])),
            plain(terminal.event(event["type"])),
            plain(_why(event, terminal)),
            plain(" · ".join(where)),
            plain(str(event["device_id"] or "")[:ID_SHOWN]),
        )
    if found:
        terminal.console.print(table)
    else:
        terminal.say("no_events")


def _why(event: Event, terminal: Terminal) -> str:
    """Why it happened, how it was set and who did it, as far as the record says."""
    told = [terminal.reason(event["reason"])] if event["reason"] else []
    if event["detail"]:
        told.append(terminal.text(f"{event['detail']}_") if event["detail"] in {"on", "off"} else str(event["detail"]))
    if event["by"] in {OPERATOR, NOTICE}:
        told.append(terminal.text(f"by_{event['by']}"))
    elif event["by"]:
        told.append(terminal.text("by_device", device=str(event["by"])[:ID_SHOWN]))
    if event.get("locked_until"):
        told.append(terminal.text("then_locked", until=terminal.moment(event["locked_until"])))
    return ", ".join(told)
