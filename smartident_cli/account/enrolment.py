"""`smartident account enrolment-code`: a code lets a phone in without password; the log names who issued it."""

from pathlib import Path
from typing import Annotated

import typer

from smartident.accounts.account import Account
from smartident.enrolment.enrolment_code import EnrolmentCode, read_enrolment_code
from smartident.enrolment.issue import (
    EnrolmentCodeGone,
    IssuedCode,
    SameOperator,
    confirm_issued_code,
    issue_enrolment_code,
)
from smartident.enrolment.spelling import grouped
from smartident_cli.account.enrolment_paper import app_link, is_paper, qr_lines, write_paper
from smartident_cli.deployment_options import LAPTOP_PORT, OnLaptop, Port, StackName, Who, open_deployment, the_account
from smartident_cli.operator_name import operator_name
from smartident_cli.options import AsJson, LanguageOption
from smartident_cli.terminal import Terminal


def issue(
    who: Who,
    *,
    letter: Annotated[
        bool, typer.Option("--letter", help="A shorter code to type from a letter, valid for 21 days instead of 7.")
    ] = False,
    two_operators: Annotated[
        bool, typer.Option("--two-operators", help="Valid once another operator confirms it.")
    ] = False,
    file: Annotated[
        Path | None, typer.Option(help="QR code (.svg, .png) or letter (.html) to write; only its owner may read it.")
    ] = None,
    stack: StackName = "",
    local: OnLaptop = False,
    port: Port = LAPTOP_PORT,
    language: LanguageOption = "de",
    as_json: AsJson = False,
) -> None:
    """Issue a code that lets one phone into an account; check first who asks for it. The code before ends."""
    with open_deployment(stack, local, port, language, as_json) as (terminal, clock, deployment):
        account = the_account(who, terminal)
        if account.frozen:
            terminal.give_up("code_frozen", number=account.number)
        if file is not None and not is_paper(file):
            terminal.give_up("code_file_ending", file=file)
        issued = issue_enrolment_code(
            account.id,
            issued_by=operator_name(deployment),
            for_letter=letter,
            two_operators=two_operators or deployment.two_operators,
            now=clock.now(),
        )
        _hand_over(issued, account, file, terminal)


def _hand_over(issued: IssuedCode, account: Account, file: Path | None, terminal: Terminal) -> None:
    code, until, link = grouped(issued.code), terminal.moment(issued.expires_at), app_link(issued)
    terminal.say("code_issued", number=account.number, code=code, until=until)
    for line in qr_lines(link):
        terminal.console.print(line, markup=False)
    if not link:
        terminal.say("code_no_app")
    if file is not None:
        write_paper(file, issued, link, account, until)
        terminal.say("code_file", file=file)
    if not issued.is_confirmed:
        terminal.say("code_waits", number=account.number)
    terminal.answer(
        access_number=account.number,
        enrolment_code=issued.code,
        link=link or None,
        expires_at=issued.expires_at,
        confirmed=issued.is_confirmed,
    )


def confirm(
    who: Who,
    *,
    issued_by: Annotated[
        str, typer.Option("--issued-by", help="Who says to have issued it, instead of the question.")
    ] = "",
    stack: StackName = "",
    local: OnLaptop = False,
    port: Port = LAPTOP_PORT,
    language: LanguageOption = "de",
    as_json: AsJson = False,
) -> None:
    """Confirm, as a second operator, the enrolment code that another one issued: ask that one first."""
    with open_deployment(stack, local, port, language, as_json) as (terminal, clock, deployment):
        account, own = the_account(who, terminal), operator_name(deployment)
        code = read_enrolment_code(account.id)
        if code is None:
            terminal.give_up("code_gone", number=account.number)
        if code.issued_by != own:
            _require_meant(code, issued_by, account, terminal)
        try:
            until = confirm_issued_code(account.id, code.id, confirmed_by=own, now=clock.now())
        except SameOperator:
            terminal.give_up("code_same_operator")
        except EnrolmentCodeGone:
            terminal.give_up("code_gone", number=account.number)
        terminal.say("code_confirmed", number=account.number, until=terminal.moment(until))
        terminal.answer(access_number=account.number, expires_at=until, confirmed=True)


def _require_meant(code: EnrolmentCode, issued_by: str, account: Account, terminal: Terminal) -> None:
    """Let nobody confirm a code that took the place of the one that the first operator asked about."""
    told = {"number": account.number, "issuer": code.issued_by, "at": terminal.moment(code.issued_at)}
    if issued_by and issued_by != code.issued_by:
        terminal.give_up("code_other_issuer", **told)
    if not issued_by and not terminal.confirm("confirm_code", default=False, **told):
        raise typer.Exit(1)
