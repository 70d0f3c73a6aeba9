"""`smartident receipts verify`: whether every login of an export had its approval, and the log is whole, offline."""

from dataclasses import dataclass, field
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
    try:
        check = ExportCheck(file, rp_id=rp_id, origins=tuple(origin or ()))
        found = _Found()
        found.look_at_logins(check, terminal)
    except (NoExport, UnicodeDecodeError):
        terminal.give_up("no_export", file=file)
    found.look_at_log(check.audit_log, log, terminal)
    terminal.answer(
        access_number=check.access_number,
        proved=found.count[PROVED],
        password_only=found.count[PASSWORD_ONLY],
        denied=found.count[DENIAL],
        entries=len(check.audit_log.entries),
        log=check.audit_log.end,
        faults=found.faults,
    )
    if found.faults:
        raise typer.Exit(1)


@dataclass
class _Found:
    """What an export's logins came to, and the sentence of each fault."""

    count: dict[str, int] = field(default_factory=lambda: dict.fromkeys((PROVED, PASSWORD_ONLY, DENIAL, NOTHING), 0))
    faults: list[str] = field(default_factory=list)

    def look_at_logins(self, check: ExportCheck, terminal: Terminal) -> None:
        """Say what is wrong with the logins, and how many are not; raises NoExport."""
        for outcome in check.outcomes():
            if outcome.verdict in self.count:
                self.count[outcome.verdict] += 1
            self.faults += _told(outcome, terminal)
        terminal.say(
            "receipts_proved",
            number=check.access_number,
            proved=self.count[PROVED],
            password_only=self.count[PASSWORD_ONLY],
            faults=len(self.faults),
        )

    def look_at_log(self, audit_log: AuditLogCheck, once: str, terminal: Terminal) -> None:
        """Say what is wrong with the log, and where it stands."""
        faults = _read(audit_log, once, terminal)
        entries, denied = len(audit_log.entries), self.count[DENIAL]
        terminal.say("log_told", entries=entries, denied=denied, faults=len(faults), log=audit_log.end)
        self.faults += faults


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
    return f"{value.after.entries} ({terminal.event(value.name)}, {terminal.moment(value.at)})"
