"""`smartident receipts verify`: whether every login of an export had its approval, and the log is whole, offline."""

from dataclasses import dataclass, field
from pathlib import Path
from time import time
from typing import Annotated

import typer

from smartident_cli.export_file import NoExport
from smartident_cli.options import AsJson, LanguageOption
from smartident_cli.receipts.audit_log_check import AuditLogCheck, Entry
from smartident_cli.receipts.export_check import (
    DENIAL,
    NOTHING,
    PASSWORD_ONLY,
    PROVED,
    TAKEN_BACK,
    ExportCheck,
    Outcome,
)
from smartident_cli.receipts.finding import Finding
from smartident_cli.terminal import Terminal

UNPROVEN = (PASSWORD_ONLY, TAKEN_BACK, NOTHING)
VERDICTS = (PROVED, DENIAL, *UNPROVEN)

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
    page: Annotated[list[str] | None, typer.Option(help="Origin of a login page; the export's own without it.")] = None,
    log: Annotated[str, typer.Option(help="Where the log stood once, as an earlier run told.")] = "",
    language: LanguageOption = "de",
    as_json: AsJson = False,
) -> None:
    """Prove from an export, offline, that a phone or passkey decided each login, and that nothing is missing.

    It ends with a line per class: proven by a signature, unproven, contradictory, missing. Exit code 1 if
    anything is contradictory or missing.
    """
    terminal = Terminal(language, as_json=as_json)
    try:
        check = ExportCheck(file, now=int(time()), rp_id=rp_id, origins=tuple(origin or ()), pages=tuple(page or ()))
        found = _Found()
        found.look_at_logins(check, terminal)
    except (NoExport, UnicodeDecodeError):
        terminal.give_up("no_export", file=file)
    if check.is_later:
        found.contradicts(terminal.text("log_later", at=terminal.moment(check.exported_at)), terminal)
    found.look_at_log(check.audit_log, log, terminal)
    terminal.say("log_open", count=check.audit_log.outcomes.open)
    for kind, count in found.classes().items():
        terminal.say(f"class_{kind}", count=count)
    terminal.answer(
        access_number=check.access_number,
        proved=found.count[PROVED],
        password_only=found.count[PASSWORD_ONLY],
        denied=found.count[DENIAL],
        entries=len(check.audit_log.entries),
        log=check.audit_log.end,
        open=check.audit_log.outcomes.open,
        faults=found.faults,
        **found.classes(),
    )
    if found.faults:
        raise typer.Exit(1)


@dataclass
class _Found:
    """What an export's logins came to, and the sentence of each fault."""

    count: dict[str, int] = field(default_factory=lambda: dict.fromkeys(VERDICTS, 0))
    faults: list[str] = field(default_factory=list)
    missing: int = 0
    gaps: int = 0

    def classes(self) -> dict[str, int]:
        """How much is proven by a signature, signed by nobody, contradictory, and missing from the audit log."""
        return {
            "proven": self.count[PROVED] + self.count[DENIAL],
            "unproven": sum(self.count[verdict] for verdict in UNPROVEN),
            "contradictory": len(self.faults) - self.gaps,
            "missing": self.missing,
        }

    def contradicts(self, sentence: str, terminal: Terminal) -> None:
        """Say what contradicts the rest."""
        terminal.complain("receipt_contradiction", what=sentence)
        self.faults.append(sentence)

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
        faults = []
        for finding in audit_log.findings():
            faults += _said_of(finding, terminal)
            self.missing += finding.missing
            self.gaps += finding.missing > 0
        if once and not audit_log.has(once):
            terminal.complain("log_not_once", log=once)
            faults.append(terminal.text("log_not_once", log=once))
        entries, denied = len(audit_log.entries), self.count[DENIAL]
        terminal.say("log_told", entries=entries, denied=denied, faults=len(faults), log=audit_log.end)
        self.faults += faults


def _told(outcome: Outcome, terminal: Terminal) -> list[str]:
    """Say what is to be said of a login; the sentence of what is wrong with it, if anything is."""
    at = terminal.moment(outcome.at)
    if outcome.verdict in {PASSWORD_ONLY, TAKEN_BACK}:
        terminal.say(outcome.verdict, login_id=outcome.login_id, at=at)
    if outcome.verdict in VERDICTS:
        return []
    what = {"login_id": outcome.login_id, "at": at, "what": terminal.text(outcome.verdict)}
    terminal.complain("receipt_fault", **what)
    return [terminal.text("receipt_fault", **what)]


def _said_of(finding: Finding, terminal: Terminal) -> list[str]:
    values = {name: _said(value, terminal) for name, value in finding.values.items()}
    (terminal.complain if finding.is_fault else terminal.say)(finding.sentence, **values)
    return [terminal.text(finding.sentence, **values)] if finding.is_fault else []


def _said(value: object, terminal: Terminal) -> str:
    if not isinstance(value, Entry):
        return str(value)
    return f"{value.after.entries} ({terminal.event(value.name)}, {terminal.moment(value.at)})"
