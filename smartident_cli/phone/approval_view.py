"""How the app shows a request under "Freigabe"."""

from rich.table import Table

from smartident_cli.options import UNKNOWN
from smartident_cli.terminal import Terminal, plain
from smartident_client.answers import Statement
from smartident_client.statement import LOGIN, Pending


def show(pending: Pending, terminal: Terminal, *, now: int) -> None:
    """Show all that the signature will cover, in the person's words."""
    stated = pending.statement
    client = f"{stated.client_name} ({stated.client_host})" if stated.client_name else stated.client
    purpose = ("purpose_login", {"client": client})
    if stated.purpose != LOGIN:
        purpose = ("purpose_other", {"purpose": stated.purpose})
    left = max(0, pending.request.expires_at - now)
    table = Table.grid(padding=(0, 2))
    for label, value in {
        "purpose": terminal.text(purpose[0], **purpose[1]),
        "account": f"{stated.access_number} · {pending.account.display_name}",
        "page": known(stated.origin, terminal),
        "asked_with": terminal.text("on", browser=known(stated.browser, terminal), os=known(stated.os, terminal)),
        "asked_from": _from(stated, terminal),
        "asked_at": terminal.moment(stated.requested_at),
        "time_left": f"{left // 60}:{left % 60:02}",
        **({"message": stated.binding_message} if stated.binding_message else {}),
        "id": pending.request.login_id,
    }.items():
        table.add_row(terminal.text(label), plain(value))
    terminal.console.print(table)
    if stated.new_country:
        terminal.console.print(terminal.text("new_country"), style="bold red", markup=False)


def _from(stated: Statement, terminal: Terminal) -> str:
    if stated.told_by_client:
        return terminal.text(
            "told_by_client", ip=known(stated.ip, terminal), client=stated.client_name or stated.client
        )
    parts = [stated.place or terminal.text("place_unknown"), f"AS{stated.asn}" if stated.asn else "", stated.ip]
    return " · ".join(filter(None, parts))


def known(told: str | None, terminal: Terminal) -> str:
    """Say what the service could tell, or in words that it could not."""
    return terminal.text("unknown") if told in {None, UNKNOWN} else str(told)
