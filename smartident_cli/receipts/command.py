"""`smartident receipts verify`: whether every login of an export had its approval, and the log is whole, offline."""

from pathlib import Path
from typing import Annotated

import typer

from smartident_cli.export_file import NoExport
from smartident_cli.options import AsJson, LanguageOption
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
    as_json: AsJson = False,
) -> None:
    """Prove from an export, offline, that each login was approved or denied by a phone, and that nothing is missing.

    Exit code 1 if something is not as it was written.
    """
    terminal = Terminal(language, as_json=as_json)
    count = dict.fromkeys((PROVED, PASSWORD_ONLY, DENIAL, NOTHING), 0)
    receipt_faults: list[str] = []
    try:
        check = ExportCheck(file, rp_id=rp_id, origins=tuple(origin or ()))
        for outcome in check.outcomes():
            if outcome.verdict in count:
                count[outcome.verdict] += 1
            receipt_faults += _told(outcome, terminal)
    except (NoExport, UnicodeDecodeError):
        terminal.give_up("no_export", file=file)
    terminal.say(
        "receipts_proved",
        number=check.access_number,
        proved=count[PROVED],
        password_only=count[PASSWORD_ONLY],
        faults=len(receipt_faults),
    )
    log_faults = _read(check.audit_log, log, terminal)
    terminal.say(
        "log_told",
        entries=len(check.audit_log.entries),
        denied=count[DENIAL],
        faults=len(log_faults),
        log=check.audit_log.end,
    )
    terminal.answer(
        access_number=check.access_number,
        proved=count[PROVED],
        password_only=count[PASSWORD_ONLY],
        denied=count[DENIAL],
        entries=len(check.audit_log.entries),
        log=check.audit_log.end,
        faults=[*receipt_faults, *log_faults],
    )
    if receipt_faults or log_faults:
        raise typer.Exit(1)


def _told(outcome: Outcome, terminal: Terminal) -> list[str]:
    """Say what is to be said of a login; the sentence of what is wrong with it, if anything is."""
    at = terminal.moment(outcome.at)
    if outcome.verdict == PASSWORD_ONLY:
        terminal.say(PASSWORD_ONLY, login_id=outcome.login_id, at=at)
    if outcome.verdict in {PROVED, PASSWORD_ONLY, DENIAL, NOTHING}:
        return []
    what = {"login_id": outcome.login_id, "at": at, "what": terminal.text(outcome.verdict)}
    terminal.complain("receipt_fault", **what)
    return [terminal.text("receipt_fault", **what)]


def _read(audit_log: AuditLogCheck, once: str, terminal: Terminal) -> list[str]:
    """Say what the log shows; the sentences of what is wrong."""
    faults = []
    for finding in audit_log.findings():
        values = {name: _said(value, terminal) for name, value in finding.values.items()}
        (terminal.complain if finding.is_fault else terminal.say)(finding.sentence, **values)
        faults += [terminal.text(finding.sentence, **values)] if finding.is_fault else []
    if once and not audit_log.has(once):
        terminal.complain("log_not_once", log=once)
        faults.append(terminal.text("log_not_once", log=once))
    return faults


def _said(value: object, terminal: Terminal) -> str:
    if not isinstance(value, Entry):
        return str(value)
    return f"{value.after.number} ({terminal.event(value.name)}, {terminal.moment(value.at)})"
