"""Telling a notice, cut anywhere and brought again by the stream."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import boto3
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.ses.models import ses_backends

from notify.step import tell
from smartident.admin.change import change_password
from smartident.notices.outbox import CLAIM_SECONDS
from smartident.notify.email import SesEmail
from tests.faults.sabotage import Play
from tests.support.iam_roles import NOTICE_SENDER
from tests.support.postman import outbox

if TYPE_CHECKING:
    from tests.support.world import World


def telling(world: World) -> Play:
    """Each e-mail beyond the first was sent in doubt about one before, and somebody is told in any case."""
    anna = world.account(email="anna@example.org")
    boto3.client("sesv2").create_email_identity(EmailIdentity=NOTICE_SENDER)
    sent = ses_backends[DEFAULT_ACCOUNT_ID]["eu-central-1"].sent_messages
    sent.clear()
    change_password(anna.id, "Sieben-Esel-77", now=world.now)
    ((account_id, sort_key),) = outbox()
    doubts: list[Any] = []

    def act() -> str:
        try:
            return tell(account_id, sort_key, email=SesEmail(), sms=world.sms, now=world.now)
        except BaseException:
            doubts[:] = sent
            raise

    def holds(answer: Any) -> None:
        if answer == "service_unavailable":
            # Whoever died at it keeps the claim for so long.
            world.later(CLAIM_SECONDS)
            answer = act()
        assert answer == "sent"
        assert 1 <= len(sent) <= len(doubts) + 1

    return Play(act, holds)
