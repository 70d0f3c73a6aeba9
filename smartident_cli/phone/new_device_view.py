"""How the app shows a phone that wants to be let in."""

from rich.table import Table

from smartident_cli.phone.approval_view import known
from smartident_cli.terminal import Terminal, plain
from smartident_client.answers import Whereabouts
from smartident_client.pairing import WaitingDevice


def show_new_device(waiting: WaitingDevice, terminal: Terminal, *, now: int) -> None:
    """Show all that the signature will cover, and where this phone is, where the two differ."""
    stated, request = waiting.statement, waiting.request
    left = max(0, request.expires_at - now)
    asked_with = terminal.text("on", browser=known(stated.browser, terminal), os=known(stated.os, terminal))
    rows = {
        "purpose": terminal.text("purpose_new_device"),
        "account": f"{stated.access_number} · {waiting.account.display_name}",
        "new_device": stated.device_name,
        "asked_with": asked_with,
        "asked_from": f"{_place(Whereabouts(stated.place, stated.asn), terminal)} · {stated.ip}",
        "asked_at": terminal.moment(stated.requested_at),
        "fingerprint": stated.fingerprint,
        "time_left": f"{left // 60}:{left % 60:02}",
        "id": request.registration_id,
    }
    table = Table.grid(padding=(0, 2))
    for label, value in rows.items():
        table.add_row(terminal.text(label), plain(value))
    terminal.console.print(table)
    if request.differs:
        terminal.say("elsewhere", here=_place(request.here or Whereabouts(), terminal))


def _place(where: Whereabouts, terminal: Terminal) -> str:
    parts = [where.place or terminal.text("place_unknown"), f"AS{where.asn}" if where.asn else ""]
    return " · ".join(filter(None, parts))
