"""`smartident receipts verify`: whether every login of an export had its approval, offline."""

from pathlib import Path
from typing import Annotated

import typer

from console.exports import NoExport
from console.operator_options import TEXTS
from console.phone_options import Speech, give_up
from console.receipts import PASSWORD_ONLY, PROVED, Ledger
from console.voice import Voice

app = typer.Typer(help="Receipts of approvals.", no_args_is_help=True)
Source = Annotated[Path, typer.Argument(help="File of `smartident access export`.", exists=True, dir_okay=False)]


@app.callback()
def receipts() -> None:
    """Receipts of approvals."""


@app.command()
def verify(
    file: Source,
    *,
    rp_id: Annotated[str, typer.Option(help="Domain of the passkeys; the export's own without it.")] = "",
    origin: Annotated[
        list[str] | None, typer.Option(help="Origin of the web app; the export's own without it.")
    ] = None,
    language: Speech = "de",
) -> None:
    """Prove from an export, offline, that each completed login was approved by a phone. Exit code 1 if one was not."""
    voice = Voice(TEXTS, language)
    count = {PROVED: 0, PASSWORD_ONLY: 0, "faults": 0}
    try:
        ledger = Ledger(file, rp_id=rp_id, origins=tuple(origin or ()))
        for outcome in ledger.outcomes():
            known = outcome.verdict in count
            count[outcome.verdict if known else "faults"] += 1
            if outcome.verdict == PASSWORD_ONLY:
                voice.say(PASSWORD_ONLY, login_id=outcome.login_id, at=voice.moment(outcome.at))
            elif not known:
                what = voice.text(outcome.verdict)
                voice.complain("receipt_fault", login_id=outcome.login_id, at=voice.moment(outcome.at), what=what)
    except (NoExport, UnicodeDecodeError):
        give_up(voice, "no_export", file=file)
    voice.say(
        "receipts_proved",
        number=ledger.access_number,
        proved=count[PROVED],
        password_only=count[PASSWORD_ONLY],
        faults=count["faults"],
    )
    if count["faults"]:
        raise typer.Exit(1)
