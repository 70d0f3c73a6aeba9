"""`smartident receipts verify`: whether every login of an export had its approval, and the log is whole, offline."""

from pathlib import Path
from typing import Annotated

import typer

from smartident_cli.export_file import NoExport
from smartident_cli.options import LanguageOption
from smartident_cli.receipts.audit_log_check import AuditLogCheck, Entry
from smartident_cli.receipts.export_check import DENIAL, NOTHING, PASSWORD_ONLY, PROVED, ExportCheck, Outcome
from smartident_cli.terminal import Terminal

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
    language: LanguageOption = "de",
) -> None:
    """Prove from an export, offline, that each login was approved or denied by a phone, and that nothing is missing.

    Exit code 1 if something is not as it was written.
    """
    terminal = Terminal(language)
    count = dict.fromkeys((PROVED, PASSWORD_ONLY, DENIAL, NOTHING, "faults"), 0)
    try:
        check = ExportCheck(file, rp_id=rp_id, origins=tuple(origin or ()))
        for outcome in check.outcomes():
            count[outcome.verdict if outcome.verdict in count else "faults"] += 1
            _tell(outcome, terminal)
    except (NoExport, UnicodeDecodeError):
        terminal.give_up("no_export", file=file)
    terminal.say(
        "receipts_proved",
        number=check.access_number,
        proved=count[PROVED],
        password_only=count[PASSWORD_ONLY],
        faults=count["faults"],
    )
    faults = _read(check.audit_log, log, terminal)
    terminal.say(
        "log_told",
        entries=len(check.audit_log.entries),
        denied=count[DENIAL],
        faults=faults,
        log=check.audit_log.end,
    )
    if count["faults"] or faults:
        raise typer.Exit(1)


def _tell(outcome: Outcome, terminal: Terminal) -> None:
    at = terminal.moment(outcome.at)
    if outcome.verdict == PASSWORD_ONLY:
        terminal.say(PASSWORD_ONLY, login_id=outcome.login_id, at=at)
    elif outcome.verdict not in {PROVED, DENIAL, NOTHING}:
        terminal.complain("receipt_fault", login_id=outcome.login_id, at=at, what=terminal.text(outcome.verdict))


def _read(audit_log: AuditLogCheck, once: str, terminal: Terminal) -> int:
    """Say what the log shows; tells how many faults."""
    faults = 0
    for finding in audit_log.findings():
        values = {name: _said(value, terminal) for name, value in finding.values.items()}
        (terminal.complain if finding.is_fault else terminal.say)(finding.sentence, **values)
        faults += finding.is_fault
    if once and not audit_log.has(once):
        terminal.complain("log_not_once", log=once)
        faults += 1
    return faults


def _said(value: object, terminal: Terminal) -> str:
    if not isinstance(value, Entry):
        return str(value)
    return f"{value.after.entries} ({terminal.event(value.name)}, {terminal.moment(value.at)})"
