"""`smartident receipts verify`: whether every login of an export had its approval, and the log is whole, offline."""

from pathlib import Path
from typing import Annotated

import typer

from console.exports import NoExport
from console.logbook import Entry, Logbook
from console.operator_options import TEXTS
from console.phone_options import Speech, give_up
from console.receipts import DENIAL, NOTHING, PASSWORD_ONLY, PROVED, Ledger, Outcome
from console.voice import Voice

app = typer.Typer(help="Receipts of approvals.", no_args_is_help=True)
Source = Annotated[Path, typer.Argument(help="File of `smartident account export`.", exists=True, dir_okay=False)]


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
    log: Annotated[str, typer.Option(help="Where the log stood once, as an earlier run told.")] = "",
    language: Speech = "de",
) -> None:
    """Prove from an export, offline, that each login was approved or denied by a phone, and that nothing is missing.

    Exit code 1 if something is not as it was written.
    """
    voice = Voice(TEXTS, language)
    count = dict.fromkeys((PROVED, PASSWORD_ONLY, DENIAL, NOTHING, "faults"), 0)
    try:
        ledger = Ledger(file, rp_id=rp_id, origins=tuple(origin or ()))
        for outcome in ledger.outcomes():
            count[outcome.verdict if outcome.verdict in count else "faults"] += 1
            _tell(outcome, voice)
    except (NoExport, UnicodeDecodeError):
        give_up(voice, "no_export", file=file)
    voice.say(
        "receipts_proved",
        number=ledger.access_number,
        proved=count[PROVED],
        password_only=count[PASSWORD_ONLY],
        faults=count["faults"],
    )
    faults = _read(ledger.logbook, log, voice)
    voice.say(
        "log_told",
        entries=len(ledger.logbook.entries),
        denied=count[DENIAL],
        faults=faults,
        log=ledger.logbook.end,
    )
    if count["faults"] or faults:
        raise typer.Exit(1)


def _tell(outcome: Outcome, voice: Voice) -> None:
    at = voice.moment(outcome.at)
    if outcome.verdict == PASSWORD_ONLY:
        voice.say(PASSWORD_ONLY, login_id=outcome.login_id, at=at)
    elif outcome.verdict not in {PROVED, DENIAL, NOTHING}:
        voice.complain("receipt_fault", login_id=outcome.login_id, at=at, what=voice.text(outcome.verdict))


def _read(logbook: Logbook, once: str, voice: Voice) -> int:
    """Say what the log shows; tells how many faults."""
    faults = 0
    for finding in logbook.findings():
        values = {name: _said(value, voice) for name, value in finding.values.items()}
        (voice.complain if finding.is_fault else voice.say)(finding.sentence, **values)
        faults += finding.is_fault
    if once and not logbook.has(once):
        voice.complain("log_not_once", log=once)
        faults += 1
    return faults


def _said(value: object, voice: Voice) -> str:
    if not isinstance(value, Entry):
        return str(value)
    name = voice.text(value.name) if value.name in voice.texts else value.name
    return f"{value.after.number} ({name}, {voice.moment(value.at)})"
