"""How the app shows a request under "Freigabe"."""

from rich.table import Table

from console.statement import LOGIN, Pending
from console.voice import Voice, plain

UNKNOWN = "?"
"""How the service says that it could not tell."""


def show(pending: Pending, voice: Voice, *, now: int) -> None:
    """Show all that the signature will cover, in the person's words."""
    stated = pending.statement
    purpose = ("purpose_login", {"client": stated.client})
    if stated.purpose != LOGIN:
        purpose = ("purpose_other", {"purpose": stated.purpose})
    left = max(0, pending.request.expires_at - now)
    table = Table.grid(padding=(0, 2))
    for label, value in {
        "purpose": voice.text(purpose[0], **purpose[1]),
        "account": f"{stated.access_number} · {pending.account.display_name}",
        "page": known(stated.origin, voice),
        "asked_with": voice.text("on", browser=known(stated.browser, voice), os=known(stated.os, voice)),
        "asked_from": f"{stated.ip} ({stated.place or voice.text('place_unknown')})",
        "asked_at": voice.moment(stated.requested_at),
        "time_left": f"{left // 60}:{left % 60:02}",
        "id": pending.request.login_id,
    }.items():
        table.add_row(voice.text(label), plain(value))
    voice.console.print(table)


def known(told: str | None, voice: Voice) -> str:
    """Say what the service could tell, or in words that it could not."""
    return voice.text("unknown") if told in {None, UNKNOWN} else str(told)
