"""Notices reach whom they concern: once each, in the language of the account, and later if not now."""

from __future__ import annotations

import random
import re
from email import message_from_bytes, policy
from typing import TYPE_CHECKING, Any, get_args

import boto3
import pytest
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.ses.models import ses_backends

from notify.handler import handler
from smartident.admin.change import change_email, change_language, change_password, change_phone
from smartident.admin.erase import erase_account
from smartident.approvals.decide import Deny
from smartident.notices.addressees import MAX_SMS_A_DAY
from smartident.notices.event_types import UNTOLD, Event
from smartident.notices.freeze_link import read_freeze_token
from smartident.notices.message import email_of
from smartident.notices.outbox import CLAIM_SECONDS, NoticeRow, notice, recent_notices
from smartident.notices.texts import TITLES
from smartident.notify.email import EmailRejected, EmailUnavailable, SesEmail
from smartident.storage.writes import write
from smartident_laptop.runtime.container import LambdaContext
from tests.support.concurrency import at_once
from tests.support.iam_roles import NOTICE_SENDER
from tests.support.log_lines import logged
from tests.support.postman import Postman, outbox, queued
from tests.support.world import ELSEWHERE, NOW, World

if TYPE_CHECKING:
    from email.message import EmailMessage

    from smartident.accounts.account import Account

MAIL, OTHER = "anna@example.org", "neu@example.org"
DAY = 86_400
CONTEXT = LambdaContext("Notify", 512, 30, "a-request")


@pytest.fixture
def postman(world: World) -> Postman:
    return Postman(world)


@pytest.fixture
def anna(world: World) -> Account:
    return world.account(email=MAIL)


def text_of(message: EmailMessage) -> str:
    part = message.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def html_of(message: EmailMessage) -> str:
    part = message.get_body(("html",))
    assert part is not None
    return str(part.get_content())


def happen(account: Account, event: Any = "password_changed", *, at: int = NOW, **about: Any) -> None:
    write(notice(account.id, event, now=at, **about), on_conflict=lambda _: pytest.fail("it stood there"))


# Whom


def test_what_happened_is_told_by_e_mail_once_however_often_the_stream_repeats(
    world: World, postman: Postman, anna: Account
) -> None:
    world.phone(anna)
    sms = len(world.sms)
    assert [postman.round() for _ in range(3)] == [["sent"]] * 3
    assert (postman.addresses, len(world.sms) - sms) == ([MAIL], 0)


@pytest.mark.parametrize("seed", range(3))
def test_every_event_is_told_once_in_whatever_order_and_however_often_the_stream_brings_it(
    world: World, postman: Postman, anna: Account, seed: int
) -> None:
    told = sorted(set(get_args(Event)) - UNTOLD)
    for at, event in enumerate(told):
        happen(anna, event, at=NOW + at)
    brought = [*outbox()] * 3
    random.Random(seed).shuffle(brought)  # noqa: S311  it chooses the order of a test
    for one in brought:
        assert postman.bring(*one) == "sent"
        world.later(CLAIM_SECONDS)
    assert sorted(postman.subjects) == sorted(f"FinanceApp: {TITLES['de'][event]}" for event in told)
    assert set(postman.addresses) == {MAIL}


def test_who_has_no_e_mail_is_told_by_sms(world: World, postman: Postman) -> None:
    anna = world.account()
    happen(anna)
    assert postman.round() == ["sent"]
    ((phone, text),) = world.sms.sent
    assert (phone, len(postman.email)) == (anna.phone, 0)
    assert "Ihr Passwort wurde geändert" in text
    assert len(text) <= 160


def test_who_has_neither_is_told_nothing_and_the_operator_hears_of_it(world: World, postman: Postman) -> None:
    happen(world.account(phone=None))
    with logged() as log:
        assert postman.round() == ["failed"]
    assert [one["event"] for one in log.lines("event")] == ["notice_failed"]


def test_an_account_that_is_gone_is_told_nothing(world: World, postman: Postman, anna: Account) -> None:
    erase_account(anna.id, number=anna.number, email=anna.email)
    happen(anna)
    assert postman.round() == ["failed"]
    assert len(postman.email) == 0


def test_a_changed_e_mail_is_told_at_both_and_so_is_what_follows_within_a_day(
    world: World, postman: Postman, anna: Account
) -> None:
    change_email(anna.id, OTHER, now=world.now)
    happen(anna, at=world.now + DAY - 1)
    happen(anna, at=world.now + DAY + 1)
    postman.round()
    assert sorted(postman.addresses[:4]) == [MAIL, MAIL, OTHER, OTHER]
    assert postman.addresses[4:] == [OTHER]
    assert len(world.sms) == 0


def test_what_happened_before_an_address_was_changed_is_told_at_the_old_one_too(
    world: World, postman: Postman, anna: Account
) -> None:
    happen(anna)
    change_email(anna.id, OTHER, now=world.now + 1)
    postman.bring(*outbox()[0])
    assert set(postman.addresses) == {MAIL, OTHER}


def test_an_e_mail_that_came_within_a_day_is_never_the_only_one_told(world: World, postman: Postman) -> None:
    anna = world.account()
    change_email(anna.id, OTHER, now=world.now)
    postman.round()
    assert (postman.addresses, [phone for phone, _ in world.sms.sent]) == ([OTHER], [anna.phone])


def test_an_e_mail_that_was_removed_is_told_of_it(world: World, postman: Postman, anna: Account) -> None:
    change_email(anna.id, None, now=world.now)
    postman.round()
    assert (postman.addresses, len(world.sms)) == ([MAIL], 0)


def test_without_e_mail_a_changed_number_is_told_at_both(world: World, postman: Postman) -> None:
    anna = world.account()
    change_phone(anna.id, "+491709999999", now=world.now)
    postman.round()
    assert {phone for phone, _ in world.sms.sent} == {anna.phone, "+491709999999"}


def test_a_number_to_which_no_sms_goes_is_not_reached(world: World, postman: Postman) -> None:
    anna = world.account(phone="+12025550123")
    happen(anna)
    assert postman.round() == ["failed"]
    (told,) = recent_notices(anna.id, since=0)
    assert told.untold == {"+12025550123"}


def test_the_sms_with_the_code_says_already_that_a_phone_waits(world: World, postman: Postman) -> None:
    happen(world.account(), "registration_waiting")
    assert postman.round() == ["failed"]
    assert len(world.sms) == 0


def test_where_a_phone_lets_the_new_one_in_an_sms_says_that_it_waits(world: World, postman: Postman) -> None:
    anna = world.account()
    world.phone(anna)
    postman.round()
    sent = len(world.sms)
    happen(anna, "registration_waiting", at=NOW + 1)
    assert postman.round()[-1] == "sent"
    assert len(world.sms) == sent + 1


def test_sms_of_an_account_are_few_a_day(world: World, postman: Postman) -> None:
    anna = world.account()
    for second in range(MAX_SMS_A_DAY + 2):
        happen(anna, at=NOW + second)
    postman.round()
    assert len(world.sms) == MAX_SMS_A_DAY


def test_an_sms_beyond_the_days_budget_is_told_later(world: World, postman: Postman) -> None:
    world.set(SMS_DAILY_BUDGET=0)
    happen(world.account())
    assert postman.round() == ["service_unavailable"]
    world.set(SMS_DAILY_BUDGET=10)
    assert postman.round() == ["sent"]


@pytest.mark.parametrize(("event", "told"), [("not_me", 2), ("registration_waiting", 2), ("device_registered", 4)])
def test_what_the_password_alone_can_cause_is_told_once_an_hour(
    postman: Postman, anna: Account, event: str, told: int
) -> None:
    for at in (NOW, NOW + 1, NOW + 3599, NOW + 3600 + 3599):
        happen(anna, event, at=at)
    postman.round()
    assert len(postman.email) == told


def test_a_repetition_of_what_nobody_was_told_is_told(postman: Postman, anna: Account) -> None:
    happen(anna, "not_me")
    happen(anna, "not_me", at=NOW + 1)
    assert postman.bring(*outbox()[1]) == "sent"
    assert postman.bring(*outbox()[0]) == "sent"


# What


def test_a_notice_says_what_when_from_where_and_how_to_object(world: World, postman: Postman, anna: Account) -> None:
    phone = world.phone(anna)
    world.decide(phone, world.start(anna, client_address=ELSEWHERE).login.id, Deny("not_me"))
    postman.round()
    told = {message["Subject"]: message for _, message in postman.email.sent}
    assert postman.addresses == [MAIL, MAIL]
    first = told["FinanceApp: Ein neues Gerät wurde eingerichtet"]
    message = told["FinanceApp: Jemand kennt Ihr Passwort"]
    assert message["From"] == f"FinanceApp <{NOTICE_SENDER}>"
    assert (message["Content-Language"], message["Auto-Submitted"]) == ("de", "auto-generated")
    for said in (text_of(message), html_of(message)):
        assert "Guten Tag Anna Berger" in said
        assert "Wann: 15. Januar 2027, 09:00 Uhr (MEZ)" in said
        assert f"Von wo: {ELSEWHERE}" in said
        assert f"Nummer endet auf {anna.number[-3:]}" in said
        assert "Öffnen Sie die App smartIDENT" in said
        assert "https://finance.example.test/help" in said
    assert "Gerät: Annas Telefon" in text_of(first)


def test_a_notice_is_in_the_language_of_the_account(world: World, postman: Postman, anna: Account) -> None:
    change_language(anna.id, "en")
    change_password(anna.id, "Sieben-Esel-77", now=world.now)
    postman.round()
    ((_, message),) = postman.email.sent
    assert message["Subject"] == "FinanceApp: Your password has been changed"
    assert "When: 15 January 2027, 09:00 (CET)" in text_of(message)
    assert "By: customer service of FinanceApp" in text_of(message)
    assert '<html lang="en">' in html_of(message)


def test_summer_time_is_told_as_such(postman: Postman, anna: Account) -> None:
    for at in (1_774_745_999, 1_774_746_000, 1_792_889_999, 1_792_890_000):
        happen(anna, at=at)
    postman.round()
    told = [text_of(message).partition("Wann: ")[2].partition("\n")[0] for _, message in postman.email.sent]
    assert sorted(told) == sorted(
        [
            "29. März 2026, 01:59 Uhr (MEZ)",
            "29. März 2026, 03:00 Uhr (MESZ)",
            "25. Oktober 2026, 02:59 Uhr (MESZ)",
            "25. Oktober 2026, 02:00 Uhr (MEZ)",
        ]
    )


def test_without_a_contact_the_operator_is_named(world: World, postman: Postman, anna: Account) -> None:
    world.set(NOTICE_CONTACT="")
    happen(anna)
    postman.round()
    assert "FinanceApp, auf dem Weg, den Sie kennen" in text_of(postman.email.sent[0][1])


@pytest.mark.parametrize(("contact", "told"), [("mailto:a@b.example", "a@b.example"), ("tel:+4930123", "+4930123")])
def test_a_contact_is_told_as_people_write_it(
    world: World, postman: Postman, anna: Account, contact: str, told: str
) -> None:
    world.set(NOTICE_CONTACT=contact)
    happen(anna)
    postman.round()
    assert f"bei uns: {told}\n" in text_of(postman.email.sent[0][1])


@pytest.mark.parametrize(
    "name",
    ["http://evil.example/x", "evil.example", "<b>x</b>", "a@evil.example", "+49 900 1234567 - 24/7 <script>", "_"],
)
def test_the_name_of_a_phone_is_no_link_and_no_markup(postman: Postman, anna: Account, name: str) -> None:
    happen(anna, "device_registered", device_name=name, by=name)
    postman.round()
    ((_, message),) = postman.email.sent
    device = text_of(message).partition("Gerät: ")[2].partition("\n")[0]
    assert not set("./:@<>&+_") & set(device)
    assert "<b>" not in html_of(message)


def test_a_notice_has_no_picture_no_script_and_one_link_that_freezes(postman: Postman, anna: Account) -> None:
    happen(anna)
    postman.round()
    html, text = html_of(postman.email.sent[0][1]), text_of(postman.email.sent[0][1])
    assert not [word for word in ("<img", "<script", "src=", "style") if word in html]
    (link,) = re.findall(r"https://app\.example\.test/freeze/#(\S+)", text)
    assert re.findall(r'<a href="([^"]*)">', html) == [f"https://app.example.test/freeze/#{link}"]
    assert read_freeze_token(link, now=NOW).account_id == anna.id


def test_where_the_operator_serves_no_page_a_notice_has_no_link(world: World, postman: Postman, anna: Account) -> None:
    world.set(APP_WEB_URL="")
    happen(anna)
    postman.round()
    assert "freeze" not in text_of(postman.email.sent[0][1])
    assert "<a " not in html_of(postman.email.sent[0][1])


# Once, and later if not now


def test_two_hundred_workers_tell_one_notice_once(postman: Postman, anna: Account) -> None:
    happen(anna)
    (key,) = outbox()
    states = at_once(*[lambda: postman.bring(*key)] * 32)
    assert set(states) <= {"sent", "service_unavailable"}
    assert len(postman.email) == 1


def test_what_ses_does_not_take_now_is_told_later(postman: Postman, anna: Account) -> None:
    happen(anna)
    postman.email.fails = EmailUnavailable("TooManyRequestsException")
    assert postman.round() == ["service_unavailable"]
    postman.email.fails = None
    assert postman.round() == ["sent"]
    assert postman.addresses == [MAIL]


def test_who_was_told_is_not_told_again_because_somebody_else_was_not(
    world: World, postman: Postman, anna: Account
) -> None:
    change_email(anna.id, OTHER, now=world.now)
    plain = postman.email.send

    def only_the_first(address: str, message: EmailMessage) -> None:
        if address == MAIL:
            raise EmailUnavailable("Throttling")
        plain(address, message)

    world.monkeypatch.setattr(postman.email, "send", only_the_first)
    assert postman.round() == ["service_unavailable"]
    world.monkeypatch.setattr(postman.email, "send", plain)
    assert postman.round() == ["sent"]
    assert sorted(postman.addresses) == [MAIL, OTHER]


def test_an_address_that_ses_refuses_is_not_tried_again(postman: Postman, anna: Account) -> None:
    happen(anna)
    postman.email.fails = EmailRejected("MessageRejected")
    with logged() as log:
        assert postman.round() == ["failed"]
    assert {one["event"] for one in log.lines("event")} == {"notice_failed"}
    postman.email.fails = None
    assert postman.round() == ["sent"]
    assert len(postman.email) == 0


def test_an_sms_that_sns_refuses_is_counted_by_nobody_and_told_later(world: World, postman: Postman) -> None:
    happen(world.account())
    world.sms.fails = True
    assert postman.round() == ["service_unavailable"]
    world.sms.fails = False
    with logged():
        assert postman.round() == ["sent"]


def test_a_worker_that_died_is_followed_by_the_next_once_its_claim_is_over(
    world: World, postman: Postman, anna: Account
) -> None:
    happen(anna)

    postman.email.fails = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt):
        postman.round()
    postman.email.fails = None
    assert postman.round() == ["service_unavailable"]
    world.later(CLAIM_SECONDS)
    assert postman.round() == ["sent"]


# As Lambda calls it


@pytest.fixture
def mailbox(world: World) -> Any:
    """SES on moto, which knows our sender; what it sent."""
    boto3.client("sesv2").create_email_identity(EmailIdentity=NOTICE_SENDER)
    backend = ses_backends[DEFAULT_ACCOUNT_ID]["eu-central-1"]
    backend.sent_messages.clear()
    world.stop_the_clock()
    return backend.sent_messages


def test_the_stream_reaches_the_person(world: World, mailbox: Any, anna: Account) -> None:
    world.phone(anna)
    assert handler(queued(*outbox()), CONTEXT) == {"batchItemFailures": []}
    (sent,) = mailbox
    message = message_from_bytes(sent.raw_data.encode(), policy=policy.default)
    assert message["To"] == MAIL
    assert message["Subject"] == "FinanceApp: Ein neues Gerät wurde eingerichtet"


def test_a_notice_takes_two_reads_three_writes_and_one_e_mail(world: World, mailbox: Any, anna: Account) -> None:
    """docs/cost.md tells it."""
    happen(anna)
    world.aws.clear()
    handler(queued(*outbox()), CONTEXT)
    asked = world.aws.operations()
    assert sorted(one for one in asked if one != "GetSecretValue") == [
        "GetItem",
        "Query",
        "SendEmail",
        *["UpdateItem"] * 3,
    ]


def test_one_record_that_fails_comes_again_and_the_others_are_told(world: World, mailbox: Any, anna: Account) -> None:
    for event in ("password_changed", "account_frozen", "account_opened"):
        happen(anna, event)
    first, second, third = outbox()
    row = NoticeRow.get(*second, consistent_read=True)
    row.update(actions=[NoticeRow.claimed_until.set(NOW + 9), NoticeRow.claim.set("x")])
    with logged() as log:
        assert handler(queued(first, second, third), CONTEXT) == {"batchItemFailures": [{"itemIdentifier": "101"}]}
    assert len(mailbox) == 2
    assert log.lines("fault") == []


def test_a_fault_of_ours_is_logged_and_comes_again(world: World, anna: Account) -> None:
    happen(anna)
    world.stop_the_clock()
    world.aws.fails("GetItem", "InternalServerError", status=500)
    with logged() as log:
        assert handler(queued(*outbox()), CONTEXT)["batchItemFailures"] == [{"itemIdentifier": "100"}]
    assert len(log.lines("fault")) == 1


@pytest.mark.parametrize(
    ("code", "raised"),
    [("MessageRejected", EmailRejected), ("TooManyRequestsException", EmailUnavailable), ("", EmailUnavailable)],
)
def test_ses_says_whether_to_come_again(world: World, anna: Account, code: str, raised: type[Exception]) -> None:
    happen(anna)
    (told,) = recent_notices(anna.id, since=0)
    if code:
        world.aws.fails("SendEmail", code)
    else:
        world.aws.vanishes("SendEmail")
    with pytest.raises(raised):
        SesEmail().send(MAIL, email_of(told, anna, MAIL))
    assert world.aws.operations().count("SendEmail") == 1


def test_no_notice_and_no_log_line_holds_a_secret(world: World, postman: Postman, anna: Account) -> None:
    """Played with marked secrets in tests/promises/test_secrets.py too; here, the numbers and addresses."""
    with logged() as log:
        phone = world.phone(anna)
        change_phone(anna.id, "+491709999999", now=world.now)
        change_email(anna.id, OTHER, now=world.now)
        world.decide(phone, world.start(anna).login.id, Deny("not_me"))
        postman.round()
    secrets = [str(anna.phone), "+491709999999", MAIL, OTHER, world.sms.code(), anna.number]
    for _, message in postman.email.sent:
        for said in (text_of(message), html_of(message)):
            assert not [one for one in secrets if one in said]
    assert not [one for one in (*secrets, anna.id) if one in log.text]
