"""What an operator does for and with accounts: import, unlock, two-factor, export, erasure."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import boto3
import pytest
from pynamodb.exceptions import PynamoDBException

from login.step import Credentials, start_login
from smartident.accounts.account import AccountNotFound, read_account
from smartident.accounts.audit_log import AuditRecordRow
from smartident.accounts.item.row import AccountRow
from smartident.accounts.names import MAX_SHARED_EMAIL, AccessNumberRow, EmailRow, find_accounts
from smartident.admin.bulk_import import AccountToImport, import_accounts
from smartident.admin.change import change_email
from smartident.admin.erase import erase_account
from smartident.admin.export import WITHHELD, export_account
from smartident.admin.two_factor import switch_two_factor
from smartident.admin.unlock import unlock
from smartident.devices.device import DeviceRow
from smartident.devices.registration import RegistrationRow
from smartident.devices.revoke import revoke
from smartident.enrolment.enrolment_code import EnrolmentCodeRow
from smartident.errors import (
    CodeExhausted,
    DeviceRevoked,
    InvalidCredentials,
    LoginDenied,
    LoginNotFound,
    ServiceUnavailable,
    TooManyAttempts,
)
from smartident.logins.login import LoginRow
from smartident.notices.outbox import NoticeRow
from smartident.oauth.authorization import AuthorizationRow
from smartident.passwords.hashing import FOREIGN, hash_password
from smartident.rate_limiting.counters import CounterRow
from smartident.recovery.code_set import RecoveryCodesRow
from smartident.sessions.session import SessionRow
from smartident.statements.login import RequestOrigin
from smartident_laptop.template import ROOT
from tests.passwords.test_legacy_formats import HASHES
from tests.support.enrolment import other_code
from tests.support.stored_items import multiply
from tests.support.world import AGENT, ELSEWHERE, HOME, ORIGIN, PASSWORD, TABLE, World

MAIL = "anna.berger@example.test"


def newcomer(place: int, number: str = "", **members: Any) -> AccountToImport:
    plain: dict[str, Any] = {
        "display_name": "Anna Berger",
        "email": None,
        "phone": "+491701234711",
        "two_factor": False,
        "make_password_hash": lambda: FOREIGN + HASHES["bcrypt 2b"],
    }
    return AccountToImport(place=place, number=number or f"{700_000_000 + place}", **{**plain, **members})


def rows() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = boto3.client("dynamodb").scan(TableName=TABLE)["Items"]
    return found


def sign_in(world: World, identifier: str) -> str:
    ask = Credentials(identifier, PASSWORD)
    return start_login(ask, request_origin=RequestOrigin(HOME, AGENT, ORIGIN), now=world.now).login.state


# Imports


def test_who_is_imported_can_log_in_by_number_and_e_mail(world: World) -> None:
    assert import_accounts([newcomer(1, "700", email=MAIL)], run="r", now=world.now).places == {1}
    assert sign_in(world, "700") == "approved"
    assert sign_in(world, MAIL) == "approved"


def test_importing_again_changes_nothing(world: World) -> None:
    people = [newcomer(place, email=f"p{place}@example.test") for place in range(26)]
    assert import_accounts(people, run="r", now=world.now).places == set(range(26))
    sign_in(world, "700000000")
    before = rows()
    assert import_accounts(people, run="r", now=world.now + 9).places == set(range(26))
    assert rows() == before
    assert import_accounts(people, run="another", now=world.now + 9).places == set()
    assert rows() == before


def test_a_number_that_is_taken_stays_as_it_is(world: World) -> None:
    anna = world.account("700")
    assert import_accounts([newcomer(1, "700", email=MAIL), newcomer(2)], run="r", now=world.now).places == {2}
    assert find_accounts("700") == [anna.id]
    assert find_accounts(MAIL) == []


def test_of_two_lines_with_one_number_the_first_counts(world: World) -> None:
    people = [newcomer(1, "700", display_name="Erste"), newcomer(2, "700", display_name="Zweite")]
    assert import_accounts(people, run="r", now=world.now).places == {1}
    (account_id,) = find_accounts("700")
    account = read_account(account_id)
    assert account
    assert account.display_name == "Erste"


@pytest.mark.parametrize(
    ("after", "broken"),
    [
        ("BatchGetItem", "BatchWriteItem"),
        ("BatchWriteItem", "TransactWriteItems"),
        ("TransactWriteItems", "BatchWriteItem"),
    ],
    ids=["before anything", "with the number not claimed", "with the e-mail not found"],
)
def test_a_run_broken_off_anywhere_goes_on_without_a_trace(world: World, after: str, broken: str) -> None:
    people = [newcomer(place, email=f"p{place}@example.test") for place in range(3)]
    world.aws.before(after, lambda: world.aws.fails(broken, "Broken"))
    with pytest.raises(PynamoDBException, match=r"as the test wants it|transaction"):
        import_accounts(people, run="r", now=world.now)
    world.aws.mends()
    assert import_accounts(people, run="r", now=world.now).places == {0, 1, 2}
    assert len(rows()) == 9
    assert [len(find_accounts(f"p{place}@example.test")) for place in range(3)] == [1, 1, 1]


def test_who_loses_the_number_meanwhile_leaves_nothing(world: World) -> None:
    people = [newcomer(1, "700", email=MAIL), newcomer(2, "701"), newcomer(3, "702")]
    world.aws.before("TransactWriteItems", lambda: world.account("700"))
    assert import_accounts(people, run="r", now=world.now).places == {2, 3}
    assert len(rows()) == 6
    assert find_accounts(MAIL) == []


def test_a_claim_whose_answer_got_lost_is_found_as_our_own(world: World) -> None:
    people = [newcomer(1, "700", email=MAIL)]
    world.aws.before("TransactWriteItems", lambda: import_accounts(people, run="r", now=world.now))
    assert import_accounts(people, run="r", now=world.now).places == {1}
    assert sign_in(world, "700") == sign_in(world, MAIL) == "approved"


def test_a_run_that_is_under_way_twice_loses_nobody_to_a_number_that_is_taken_meanwhile(world: World) -> None:
    """The other process has claimed one number of ours by itself, and not yet the next."""
    people = [newcomer(1, "700"), newcomer(2, "701"), newcomer(3, "702", email=MAIL)]

    def meanwhile() -> None:
        world.account("700")
        import_accounts(people[1:2], run="r", now=world.now)

    world.aws.before("TransactWriteItems", meanwhile)
    assert import_accounts(people, run="r", now=world.now).places == {2, 3}
    assert sign_in(world, "701") == sign_in(world, "702") == sign_in(world, MAIL) == "approved"


def test_two_imports_at_once_make_one_account_each(world: World) -> None:
    people = [newcomer(place) for place in range(12)]
    with ThreadPoolExecutor(2) as threads:
        done = list(threads.map(lambda run: import_accounts(people, run=run, now=world.now), "ab"))
    assert sorted([*done[0].places, *done[1].places]) == list(range(12))
    assert len(rows()) == 24


def test_an_account_that_is_there_is_not_hashed_again(world: World) -> None:
    hashed = iter(("first", "second", "third"))
    people = [newcomer(place, make_password_hash=lambda: next(hashed)) for place in range(3)]
    import_accounts(people[:2], run="r", now=world.now)
    import_accounts(people, run="another", now=world.now)
    assert list(hashed) == []


def test_five_accounts_go_by_one_e_mail_and_the_sixth_by_its_number_only(world: World) -> None:
    first = import_accounts([newcomer(place, email=MAIL) for place in range(3)], run="r", now=world.now)
    assert first.by_number_only == {0, 1, 2}
    both = [newcomer(place, email=MAIL) for place in range(3, 7)] + [newcomer(7)]
    second = import_accounts(both, run="r", now=world.now)
    assert second.places == {3, 4, 5, 6, 7}
    assert len(find_accounts(MAIL)) == MAX_SHARED_EMAIL
    assert second.by_number_only == {3, 4, 5, 6}
    again = import_accounts(both, run="r", now=world.now)
    assert again == second
    sixth = world.account("800", email=MAIL)
    assert sixth.email == MAIL
    assert sixth.id not in find_accounts(MAIL)
    seventh = world.account("801")
    change_email(seventh.id, MAIL, now=world.now)
    assert seventh.id not in find_accounts(MAIL)
    assert find_accounts("801") == [seventh.id]


def test_one_account_goes_by_its_e_mail_and_two_by_their_numbers_only(world: World) -> None:
    one = import_accounts([newcomer(1, email=MAIL)], run="r", now=world.now)
    assert one.by_number_only == set()
    assert import_accounts([newcomer(2, email=MAIL), newcomer(3)], run="r", now=world.now).by_number_only == {2}


def test_numbers_are_given_a_hundred_at_a_time(world: World) -> None:
    assert import_accounts([newcomer(place) for place in range(102)], run="r", now=world.now).places == set(range(102))
    assert world.aws.operations().count("TransactWriteItems") == 2
    assert "PutItem" not in world.aws.operations()


def test_an_imported_id_tells_nothing(world: World) -> None:
    import_accounts([newcomer(1, "700"), newcomer(2, "701")], run="r", now=world.now)
    ids = [find_accounts(number)[0] for number in ("700", "701")]
    assert len(set(ids)) == 2
    assert all(len(one) == 26 and one.isalnum() and one.islower() for one in ids)


# Two-factor login and devices


def test_two_factor_login_is_switched_on_record(world: World) -> None:
    anna = world.account()
    phone = world.phone(anna)
    switch_two_factor(anna.id, on=False, now=world.now)
    assert world.start(anna).login.state == "approved"
    switch_two_factor(anna.id, on=False, now=world.now)
    switch_two_factor(anna.id, on=True, now=world.now + 1)
    assert world.start(anna).login.state == "pending"
    told = [event["type"] for event in world.events(phone)["events"]]
    assert told.count("two_factor_changed") == 2


def test_of_nobody_nothing_is_switched(world: World) -> None:
    with pytest.raises(AccountNotFound):
        switch_two_factor("nobody", on=True, now=world.now)
    assert rows() == []


def test_an_operator_revokes_the_only_phone(world: World) -> None:
    anna = world.account()
    phone = world.phone(anna)
    started = world.start(anna)
    world.approve(phone, started)
    (device,) = world.devices(phone)
    revoke(anna.id, device["device_id"], by=None, now=world.now)
    with pytest.raises(DeviceRevoked):
        world.listed(phone)
    with pytest.raises(LoginDenied):
        world.complete(started)
    [record] = [
        row
        for row in AuditRecordRow.query(anna.id, AuditRecordRow.sk.startswith("RECORD#"))
        if row.type == "device_revoked"
    ]
    assert (record.device_id, record.detail) == (device["device_id"], "operator")


# Unlocking


def test_unlocking_lets_the_owner_try_at_once(world: World) -> None:
    jonas = world.account(two_factor=False)
    for _ in range(5):
        with pytest.raises(InvalidCredentials):
            world.start(jonas, password="falsch")
    with pytest.raises(TooManyAttempts):
        world.start(jonas)
    unlock(jonas.id, now=world.now)
    assert world.start(jonas).login.state == "approved"


def test_unlocking_forgets_the_failures_of_the_hour_and_no_trusted_address(world: World) -> None:
    world.set(FAILURES_PER_HOUR=10, PASSWORD_TRIES=100)
    jonas = world.account(two_factor=False)
    world.start(jonas)
    for _ in range(10):
        with pytest.raises(InvalidCredentials):
            world.start(jonas, password="falsch", client_address=ELSEWHERE)
    with pytest.raises(TooManyAttempts):
        world.start(jonas, client_address="192.0.2.99")
    unlock(jonas.id, now=world.now)
    assert world.start(jonas, client_address="192.0.2.99").login.state == "approved"
    assert len(AccountRow.get(jonas.id, "ACCOUNT").trusted_addresses.as_dict()) == 2


def test_unlocking_lets_sms_codes_be_tried_again(world: World) -> None:
    world.set(SMS_PER_ACCOUNT_DAY=1, SMS_CODE_TRIES=1, SMS_PER_PHONE_DAY=9)
    anna, phone = world.account(), world.new_phone()
    registered = world.register(anna, phone)
    with pytest.raises(CodeExhausted):
        world.verify(registered, phone, other_code(world.sms.code()))
    world.set(SMS_PER_ACCOUNT_DAY=9)
    again = world.register(anna, phone)
    world.set(SMS_PER_ACCOUNT_DAY=1)
    with pytest.raises(TooManyAttempts):
        world.verify(again, phone)
    unlock(anna.id, now=world.now)
    world.set(SMS_CODE_TRIES=2)
    assert world.verify(again, phone) == phone.key.thumbprint


def test_nobody_is_unlocked(world: World) -> None:
    with pytest.raises(AccountNotFound):
        unlock("nobody", now=world.now)
    assert rows() == []


# Export


def lived(world: World) -> Any:
    anna = world.account(email=MAIL)
    phone = world.phone(anna)
    started = world.start(anna)
    world.approve(phone, started)
    world.complete(started)
    return anna


def test_an_export_is_complete_and_holds_nothing_secret(world: World) -> None:
    anna = lived(world)
    world.account(email="other@example.test")
    told = list(export_account(anna))
    kinds = [row["kind"] for row in told]
    assert kinds == ["number", "email", "account", "device", "login", "notice", "record", "registration", "counter"]
    # All but the other account's three rows, and counters that many people share and that name nobody.
    assert len(told) == len([row for row in rows() if not is_shared(row)]) - 3
    text = json.dumps(told)
    row = AccountRow.get(anna.id, "ACCOUNT")
    assert row.password_hash not in text
    assert "argon2" not in text
    assert not WITHHELD & {name for one in told for name in one}
    assert {"+491701234711", MAIL} <= {str(value) for one in told for value in one.values()}


def test_whoever_adds_a_column_decides_whether_it_is_exported() -> None:
    kinds = (
        AccountRow,
        DeviceRow,
        EmailRow,
        CounterRow,
        LoginRow,
        AccessNumberRow,
        AuditRecordRow,
        RegistrationRow,
        NoticeRow,
        AuthorizationRow,
        SessionRow,
        RecoveryCodesRow,
        EnrolmentCodeRow,
    )
    secret = {
        name for kind in kinds for name in kind.get_attributes() if name.endswith(("_hash", "_mac")) or name == "mac"
    }
    counted = {"code_attempts", "wrong_sms_codes", "claim", "claimed_until"}
    counted |= {"grant_epoch", "account_epoch", "trust_epoch"}
    assert (
        secret | counted | {"code_challenge", "oidc_nonce", "code_mac", "code_macs", "endpoint", "p256dh", "auth"}
        == WITHHELD
    )


def test_export_and_erasure_find_every_kind_of_item_that_an_account_has() -> None:
    """In a process of their own: a Query tells apart only the kinds that were loaded."""
    code = "from smartident.admin import erase; from smartident.storage.table import Row; "
    code += "print(*[one.kind.get_discriminator(one) for one in Row.__subclasses__()])"
    told = subprocess.run(  # noqa: S603  our own modules
        [sys.executable, "-c", code], cwd=ROOT / "functions", capture_output=True, check=True, text=True
    )
    declared = {
        name
        for path in (ROOT / "functions/smartident").rglob("*.py")
        for name in re.findall(r'Row, discriminator="(\w+)"', path.read_text(encoding="utf-8"))
    }
    of_nobody = {"assertion", "backchannel_request", "challenge", "client", "pushed_request", "used_proof"}
    # How often a client rang: a number alone, which its time to live takes away.
    of_nobody.add("rings")
    assert declared - set(told.stdout.split()) <= of_nobody


def test_an_account_without_e_mail_is_exported_too(world: World) -> None:
    assert [row["kind"] for row in export_account(world.account())] == ["number", "account"]


# Erasure


def is_shared(row: dict[str, Any]) -> bool:
    """Whether a row counts what many people do: by a MAC, gone in two days, and named after no account."""
    return str(row["pk"]["S"]).startswith(("LIMIT#sms-budget#", "LIMIT#sms-phone#", "LIMIT#sms-prefix#"))


def test_of_an_erased_account_nothing_is_left(world: World) -> None:
    anna = lived(world)
    multiply(LoginRow.get(anna.id, f"LOGIN#{world.start(anna).login.part}"), 30)
    other = world.account(email=MAIL)
    assert erase_account(anna.id, number=anna.number, email=anna.email) > 35
    left = {(row["pk"]["S"], row["sk"]["S"]) for row in rows() if not is_shared(row)}
    assert left == {(f"NUMBER#{other.number}", "LOOKUP"), (f"EMAIL#{MAIL}", other.id), (other.id, "ACCOUNT")}
    with pytest.raises(InvalidCredentials):
        world.start(anna)


def test_an_erasure_broken_off_is_found_again_by_the_number(world: World) -> None:
    anna = lived(world)
    world.aws.fails("BatchWriteItem", "Broken")
    with pytest.raises(PynamoDBException, match="as the test wants it"):
        erase_account(anna.id, number=anna.number, email=anna.email)
    world.aws.mends()
    assert find_accounts(anna.number) == [anna.id]
    assert find_accounts(MAIL) == []
    erase_account(anna.id, number=anna.number, email=None)
    assert all(is_shared(row) for row in rows())


def test_a_login_under_way_while_its_account_is_erased_ends_nowhere(world: World) -> None:
    jonas = world.account(two_factor=False)
    world.aws.before("TransactWriteItems", lambda: erase_account(jonas.id, number=jonas.number, email=None))
    with pytest.raises(ServiceUnavailable):
        world.start(jonas)
    assert rows() == []


def test_a_login_of_an_erased_account_completes_no_more(world: World) -> None:
    jonas = world.account(two_factor=False)
    started = world.start(jonas)
    erase_account(jonas.id, number=jonas.number, email=None)
    with pytest.raises(LoginNotFound):
        world.complete(started)


def test_an_imported_hash_of_our_own_is_kept_as_it_is(world: World) -> None:
    kept = hash_password(PASSWORD)
    import_accounts([newcomer(1, "700", make_password_hash=lambda: kept)], run="r", now=world.now)
    assert sign_in(world, "700") == "approved"
    assert AccountRow.get(find_accounts("700")[0], "ACCOUNT").password_hash == kept
