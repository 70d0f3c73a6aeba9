"""`smartident story`: play the story against the laptop's stack, or against a deployed one."""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Annotated

import typer

from smartident_cli.options import AsJson, LanguageOption
from smartident_cli.story.laptop_stack import laptop_stack
from smartident_cli.story.lost_phone import lose_the_phone
from smartident_cli.story.new_phone import Hands, leave, pair
from smartident_cli.story.operators_code import NUMBER, PASSWORD, issue_code
from smartident_cli.story.play import Differs, Person, play
from smartident_cli.terminal import Terminal, refusals_said
from smartident_client.answers import Registration
from smartident_client.browser import Browser
from smartident_client.keystore import KeyStore
from smartident_client.phone import Phone
from smartident_client.sms import code_in
from smartident_client.wire import WireError


def story(
    *,
    url: Annotated[str, typer.Option(help="Base URL of a deployed stack; without it the laptop's starts.")] = "",
    origin: Annotated[str, typer.Option(help="Origin of the login page, as the stack allows it.")] = "",
    client_id: Annotated[str, typer.Option(help="Client to log in to; the stack's own without it.")] = "",
    new_phone: Annotated[
        bool, typer.Option("--new-phone", help="Then a new phone by the old one, in four more steps.")
    ] = False,
    lost_phone: Annotated[
        bool, typer.Option("--lost-phone", help="Then a lost phone replaced by a recovery code, in four more steps.")
    ] = False,
    by_code: Annotated[
        bool, typer.Option("--enrolment-code", help="The first phone by an operator's code, without password and SMS.")
    ] = False,
    language: LanguageOption = "de",
    as_json: AsJson = False,
) -> None:
    """Play the eight steps as browser, phone and SMS reader; exit code 1 if anything differs."""
    terminal = Terminal(language, as_json=as_json)
    with refusals_said(terminal), _stage(url, origin, client_id, terminal, by_code=by_code) as (base, page, person):
        terminal.say("opening", url=base)
        with (
            tempfile.TemporaryDirectory() as pocket,
            Phone(base, KeyStore(Path(pocket) / "phone.json"), language=language) as phone,
            Phone(base, KeyStore(Path(pocket) / "new.json"), language=language) as other,
            Phone(base, KeyStore(Path(pocket) / "third.json"), language=language) as third,
            Browser(base, origin=page, language=language) as browser,
        ):
            try:
                ending = play(person, browser=browser, phone=phone, terminal=terminal)
                if new_phone:
                    # What follows needs the old phone.
                    hands = Hands(old=phone, new=other, retires=not lost_phone)
                    pair(person, ending.account, hands, terminal)
                    if hands.retires:
                        leave(person, ending.account, hands, browser, terminal)
                if lost_phone:
                    lose_the_phone(person, ending.account, Hands(old=phone, new=third), terminal)
            except Differs as error:
                _cry_out(str(error))
                raise typer.Exit(1) from None
            finally:
                _hang_up(third)
                _hang_up(other)
                _hang_up(phone)
        terminal.say("told")
        terminal.answer(claims=ending.claims, moved_ms=ending.moved_ms, signed_in_ms=ending.signed_in_ms)


Stage = tuple[str, str | None, Person]


@contextmanager
def _stage(url: str, origin: str, client_id: str, terminal: Terminal, *, by_code: bool) -> Iterator[Stage]:
    """Tell where the story plays and who it is about; without a URL the laptop's stack plays."""
    if url:
        yield url, origin or None, _person_at_the_terminal(client_id, terminal, by_code=by_code)
        return
    terminal.say("starting_stack")
    with laptop_stack() as stack:

        def read_code(_: Registration) -> str:
            text = stack.latest_sms()
            terminal.say("sms_reads", text=" ".join(text.split()))
            return code_in(text)

        number, password, code = stack.account["number"], stack.account["password"], ""
        if by_code:
            number, password, code = NUMBER, PASSWORD, issue_code(stack.port)
            terminal.say("operator_issued", number=number)
        who = Person(number, password, read_code=read_code, client_id=client_id or None, enrolment_code=code)
        yield stack.url, stack.url, who


def _person_at_the_terminal(client_id: str, terminal: Terminal, *, by_code: bool) -> Person:
    def read_code(registration: Registration) -> str:
        return terminal.ask("code_from_sms", phone_hint=registration.phone_hint)

    identifier, password = terminal.ask("ask_identifier"), terminal.ask_secret("ask_password")
    code = terminal.ask_secret("ask_enrolment_code") if by_code else ""
    return Person(identifier, password, read_code=read_code, client_id=client_id or None, enrolment_code=code)


def _hang_up(phone: Phone) -> None:
    """Take the story's phone out of use: its keys are thrown away, so the service must not trust them either."""
    for account in phone.accounts():
        with suppress(WireError):
            phone.sign_out(account)


def _cry_out(failure: str) -> None:
    print(failure, file=sys.stderr)
