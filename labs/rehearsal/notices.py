"""Notices in the rehearsal: its stream calls `dispatch`, its queue `notify`, and its SES shows what was sent.

The stand-in filters and delivers, but repeats otherwise than told, and asks no role for stream and queue:
tests/deployment/test_stream.py holds that in the template.
"""

from __future__ import annotations

import json
import time
import urllib.request
from typing import TYPE_CHECKING, Any

from labs.rehearsal.people import neighbour
from labs.rehearsal.walker import walker
from smartident_cli.story.play import Differs

if TYPE_CHECKING:
    from collections.abc import Callable

    from labs.rehearsal.stand_in import StandIn
    from labs.rehearsal.walker import Walker
    from smartident_laptop.demo.accounts import DemoAccount

SENDER = "sicherheit@financeapp.example"
PARAMETERS = {"NoticeSender": SENDER, "NoticeContact": "mailto:hilfe@financeapp.example", "EventBus": "default"}
NEW_DEVICE = "FinanceApp: Ein neues Gerät wurde eingerichtet"
PATIENCE = 30
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def verify_sender(stand_in: StandIn) -> None:
    """As an operator does before the first notice: SES sends for nobody whom it does not know."""
    stand_in.client("sesv2").create_email_identity(EmailIdentity=SENDER)


def check_told(stand_in: StandIn, person: DemoAccount, patience: float = PATIENCE) -> None:
    """Wait until the person has an e-mail about the new phone, and only one; raises Differs."""
    told = _waited(lambda: _told(stand_in, person), patience)
    subjects = [one["Subject"] for one in told]
    if subjects != [NEW_DEVICE] or SENDER not in told[0]["Source"]:
        raise Differs(f"who enrolled a phone is told {subjects}")


def be_told(one: Walker) -> None:
    """The new phone is told by e-mail; next door, where there is no e-mail, by SMS."""
    stand_in = one.deployment.stand_in
    check_told(stand_in, one.person, one.patience)
    with walker(one.deployment, neighbour(one.person)) as other:
        number, password, phone = other.person.number, other.person.password, other.person.phone
        enrolment = other.phone.register(number, password, device_name="Telefon daneben")
        seen = len(stand_in.sms_to(phone))
        other.phone.verify(enrolment, other.texted())
    if not _waited(lambda: stand_in.sms_to(phone)[seen:], one.patience):
        raise Differs("who has no e-mail is told nothing")


def _waited(look: Callable[[], list[Any]], patience: float) -> list[Any]:
    deadline = time.monotonic() + patience
    while not (found := look()) and time.monotonic() < deadline:
        time.sleep(0.2)
    return found


def _told(stand_in: StandIn, person: DemoAccount) -> list[dict[str, Any]]:
    with _DIRECT.open(f"{stand_in.url}/_ministack/ses/messages", timeout=5) as answer:
        sent = json.load(answer)
    return [one for one in _messages(sent) if person.email in str(one["To"])]


def _messages(sent: Any) -> list[dict[str, Any]]:
    """The messages, however the stand-in nests them by account."""
    if isinstance(sent, dict):
        return [sent] if "Subject" in sent else [one for part in sent.values() for one in _messages(part)]
    return [one for part in sent for one in _messages(part)] if isinstance(sent, list) else []
