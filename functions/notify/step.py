"""After the story: a person is told what happened to the account, each event once, however often the stream repeats."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from smartident.accounts.account import Account, read_account
from smartident.errors import PhoneNumberUnusable, ServiceUnavailable, SmsUnavailable
from smartident.notices.addressees import addressees, is_repetition, since
from smartident.notices.event_types import UNTOLD
from smartident.notices.events import publish
from smartident.notices.message import email_of, sms_of
from smartident.notices.outbox import (
    FAILED,
    MERGED,
    SENT,
    Notice,
    NoticeClaimed,
    claim,
    give_back,
    mark,
    recent_notices,
)
from smartident.notify.email import EmailRejected, EmailUnavailable
from smartident.notify.sms import check_country
from smartident.rate_limiting.sms_limits import count_notice, give_notice_back
from smartident.settings import notice_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from smartident.notices.events import EventBus
    from smartident.notify.email import Email
    from smartident.notify.sms import Sms


def tell(account_id: str, sort_key: str, *, email: Email, sms: Sms, now: int) -> str:
    """The state of a notice once all whom it concerns are told; raises ServiceUnavailable if somebody is left.

    What was told before is not told again. A crash between the message and the note of it tells one person twice:
    rather that than never.
    """
    if not notice_settings().notice_sender or sort_key.rpartition("-")[2] in UNTOLD:
        return SENT
    try:
        notice = claim(account_id, sort_key, now=now)
        return SENT if notice is None else _told(notice, email=email, sms=sms, now=now)
    except NoticeClaimed:
        raise ServiceUnavailable("another worker tells this notice") from None


def publish_event(account_id: str, sort_key: str, *, bus: EventBus, now: int) -> None:
    """Tell the operator's own programs, where there is a bus for them; raises ServiceUnavailable."""
    if notice_settings().event_bus:
        publish(account_id, sort_key, bus=bus, now=now)


def _told(notice: Notice, *, email: Email, sms: Sms, now: int) -> str:
    account = read_account(notice.account_id)
    recent = recent_notices(notice.account_id, since=since(notice))
    if account is None or is_repetition(notice, recent):
        return mark(notice, state=FAILED if account is None else MERGED)
    to = addressees(account, notice, recent)
    ways = {address: partial(_send_email, email, notice, account, address) for address in to.emails}
    ways |= {phone: partial(_send_sms, sms, notice, account, phone, now) for phone in to.phones}
    return _sent(notice, ways)


def _sent(notice: Notice, ways: Mapping[str, Callable[[], None]]) -> str:
    reached, unreachable, late = set(notice.told), set(notice.untold), False
    for address, send in ways.items():
        if address in reached | unreachable:
            continue
        try:
            send()
        except (EmailRejected, PhoneNumberUnusable):
            unreachable.add(address)
            mark(notice, unreachable=[address])
        except (EmailUnavailable, SmsUnavailable):
            late = True
        else:
            reached.add(address)
            mark(notice, reached=[address])
    if late:
        give_back(notice)
        raise ServiceUnavailable("somebody is still to be told")
    return mark(notice, state=SENT if reached else FAILED)


def _send_email(email: Email, notice: Notice, account: Account, address: str) -> None:
    email.send(address, email_of(notice, account, address))


def _send_sms(sms: Sms, notice: Notice, account: Account, phone: str, now: int) -> None:
    check_country(phone)
    count_notice(now=now)
    try:
        sms.send(phone, sms_of(notice, account))
    except SmsUnavailable:
        give_notice_back(now=now)
        raise
