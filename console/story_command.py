"""`smartident story`: play the story against the laptop's stack, or against a deployed one."""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Annotated

import typer

from console.answers import Registration
from console.browser import Browser
from console.memory import Memory
from console.phone import Phone
from console.phone_options import Speech
from console.phone_texts import PHONE_TEXTS
from console.story import Differs, Person, play
from console.story_texts import STORY_TEXTS
from console.voice import Voice, refusals_said
from console.wire import WireError

LOG_LINES = 30


def story(
    url: Annotated[str, typer.Option(help="Base URL of a deployed stack; without it the laptop's starts.")] = "",
    origin: Annotated[str, typer.Option(help="Origin of the login page, as the stack allows it.")] = "",
    client_id: Annotated[str, typer.Option(help="Client to log in to; the stack's first without it.")] = "",
    language: Speech = "de",
) -> None:
    """Play the eight steps as browser, phone and SMS reader; exit code 1 if anything differs."""
    voice = Voice({**PHONE_TEXTS, **STORY_TEXTS}, language)
    with refusals_said(voice), _stage(url, origin, client_id, voice) as (base, page, person):
        voice.say("opening", url=base)
        with (
            tempfile.TemporaryDirectory() as pocket,
            Phone(base, Memory(Path(pocket) / "phone.json"), language=language) as phone,
            Browser(base, origin=page, language=language) as browser,
        ):
            try:
                play(person, browser=browser, phone=phone, voice=voice)
            except Differs as error:
                _cry_out(str(error))
                raise typer.Exit(1) from None
            finally:
                _hang_up(phone)
        voice.say("told")


Stage = tuple[str, str | None, Person]


@contextmanager
def _stage(url: str, origin: str, client_id: str, voice: Voice) -> Iterator[Stage]:
    """Tell where the story plays and who it is about; without a URL the laptop's stack plays."""
    if url:
        yield url, origin or None, _person_at_the_terminal(client_id, voice)
        return
    from local.containers import FunctionFailed  # noqa: PLC0415  # only this way needs moto, gateway and functions
    from local.people import ANNA, code_in  # noqa: PLC0415
    from local.stack import Stack  # noqa: PLC0415

    def read_code(_: Registration) -> str:
        text = [sms.text for sms in stack.sms_messages() if sms.phone == ANNA.phone][-1]
        voice.say("sms_reads", text=" ".join(text.split()))
        return code_in(text)

    voice.say("starting_stack")
    with tempfile.TemporaryFile("w+", encoding="utf-8") as log:
        try:
            with Stack(log=log, failed=_cry_out) as stack:
                person = Person(ANNA.number, ANNA.password, read_code=read_code, client_id=client_id or None)
                yield stack.url, stack.url, person
        except FunctionFailed as error:
            log.seek(0)
            _cry_out(f"{''.join(log.readlines()[-LOG_LINES:])}{error}")
            raise typer.Exit(1) from None


def _person_at_the_terminal(client_id: str, voice: Voice) -> Person:
    def read_code(registration: Registration) -> str:
        return voice.ask("code_from_sms", phone_hint=registration.phone_hint)

    identifier, password = voice.ask("ask_identifier"), voice.ask_secret("ask_password")
    return Person(identifier, password, read_code=read_code, client_id=client_id or None)


def _hang_up(phone: Phone) -> None:
    """Take the story's phone out of use: its keys are thrown away, so the service must not trust them either."""
    for account in phone.accounts():
        with suppress(WireError):
            phone.revoke(account, account.device_id)


def _cry_out(failure: str) -> None:
    print(failure, file=sys.stderr)
