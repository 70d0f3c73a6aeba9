"""What one release stored or handed out, the next one understands: the forms, written out by hand."""

from __future__ import annotations

import base64
import hashlib
import hmac

import pytest

from smartident.accounts.password_attempts import PasswordAttempt, begin_attempt
from smartident.approvals.approval_key import KEY_PURPOSE
from smartident.crypto import pepper
from smartident.crypto.hash_chain import (
    device_digest,
    head_after_login,
    head_after_outcomes,
    head_after_record,
    outcome_digest,
    root,
    write_outcomes,
)
from smartident.devices.registration import read_registration
from smartident.devices.sms_verification import code_attempt_id, sms_code
from smartident.logins.socket_tickets import first_ticket
from smartident.logins.transfer_code import (
    transfer_code_mac,
)
from smartident.passwords.hashing import hash_password, is_password
from smartident.rate_limiting.client_address import client_address_of
from smartident.rate_limiting.counters import (
    CounterRow,
)
from smartident.storage.ids import newest_first
from smartident.tokens.id_token import claims_of
from tests.support.world import ELSEWHERE, PASSWORD, World


def written(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def mac_bytes(purpose: str, *parts: str) -> bytes:
    """HMAC-SHA-256 under the pepper, over the purpose, its version and the parts, one unit separator between them."""
    message = "\x1f".join([f"smartident:{purpose}:v1", *parts])
    return hmac.new(b"pepper of the tests", message.encode(), hashlib.sha256).digest()


def mac_text(purpose: str, *parts: str) -> str:
    return written(mac_bytes(purpose, *parts))


def attempt(world: World, identifier: str) -> PasswordAttempt:
    return begin_attempt(identifier, "here", now=world.now)


def test_a_mac_is_its_purpose_and_its_parts_under_the_pepper(world: World) -> None:
    assert pepper.mac("import", "a", "b") == mac_text("import", "a", "b")


def test_a_transfer_code_has_a_mac_for_its_login(world: World) -> None:
    assert transfer_code_mac("a.b", "604193") == mac_text("transfer-code", "a.b", "604193")


def test_an_sms_code_is_derived_for_its_registration_its_key_and_its_place(world: World) -> None:
    phone = world.new_phone()
    registration_id = world.register(world.account(), phone).registration_id
    registration = read_registration(registration_id, thumbprint=phone.key.thumbprint)
    digest = mac_bytes("sms-code", registration_id, phone.key.thumbprint, "1")
    assert sms_code(registration) == world.sms.code() == f"{int.from_bytes(digest, 'big') % 1_000_000:06d}"


def test_a_try_of_an_sms_code_is_a_mac_of_it(world: World) -> None:
    phone = world.new_phone()
    registration_id = world.register(world.account(), phone).registration_id
    registration = read_registration(registration_id, thumbprint=phone.key.thumbprint)
    assert code_attempt_id(registration, "123456") == mac_text("sms-code-attempt", registration_id, "123456")[:16]


@pytest.mark.parametrize(
    ("address", "named"),
    [(ELSEWHERE, ELSEWHERE), ("2001:db8:1:2::9", "2001:0db8:0001:0002"), ("no address", "no address")],
    ids=["IPv4", "the /64 of an IPv6", "what is no address"],
)
def test_a_client_address_is_a_mac_of_it(world: World, address: str, named: str) -> None:
    assert client_address_of(address) == mac_text("source", named)[:16]


def test_what_nobody_has_is_counted_under_the_mac_of_its_name(world: World) -> None:
    for written_so in ("niemand@example.test", " Niemand@Example.TEST "):
        tried = attempt(world, written_so)
        assert tried.account is None
        assert tried.item.pk == "UNKNOWN#" + mac_text("identifier", "niemand@example.test")


def test_two_names_that_nobody_has_look_like_two_accounts(world: World) -> None:
    first, second, again = (attempt(world, name).account_id for name in ("1", "2", "1"))
    assert first == again != second
    assert first == base64.b32encode(mac_bytes("nobody", "1")[:16]).decode().rstrip("=").lower()


def test_sms_are_counted_by_macs_of_numbers_and_blocks_of_ten_thousand(world: World) -> None:
    world.register(world.account(phone="+491701234711"), world.new_phone())
    for scope, counted in [("sms-phone", "+491701234711"), ("sms-prefix", "+49170123")]:
        (row,) = CounterRow.query(f"LIMIT#{scope}#{mac_text(scope, counted)}")
        assert int(row.times) == 1


def test_the_first_ticket_is_the_eighth_hash_that_hangs_on_the_token() -> None:
    ticket = "smartident-ticket:v1:" + "token"
    for _ in range(8):
        ticket = written(hashlib.sha256(ticket.encode()).digest())
    assert first_ticket("token") == ticket


def test_a_session_is_named_by_its_login() -> None:
    claims = claims_of(issuer="i", account_id="a", login_id="a.b", client_id="c", amr=("pwd",), decided_at=1, now=2)
    assert claims["jti"] == written(hashlib.sha256(b"smartident-session:v1:a.b").digest())


def test_times_are_counted_down_from_the_year_2286() -> None:
    assert newest_first(1_800_000_000) == "8199999999"


def test_a_password_is_stored_with_128_bits_of_salt_and_256_of_hash(world: World) -> None:
    *_, salt, hashed = hash_password(PASSWORD).split("$")
    assert (len(salt), len(hashed)) == (22, 43)


def test_a_password_stored_by_the_first_release_still_opens(world: World) -> None:
    stored = "$argon2id$v=19$m=64,t=1,p=1$c2l4dGVlbi1ieXRlLXNsdA$2ZyXiY2IbEjecuzF+Abxbu+dLOelJraqneBCqaqeeTU"
    assert is_password(PASSWORD, stored)
    assert not is_password("Vier-Esel-43", stored)


def test_a_foreign_password_stands_behind_its_mark(world: World) -> None:
    stored = "foreign:$2b$04$wAakD9WGT7qe.iHNeSGFquHc1oh6F.mUB.FuhF0n9w6mIcJTKqK16"
    assert is_password("Vier-Esel-42", stored)


def test_an_approval_key_signs_what_it_is_for() -> None:
    assert KEY_PURPOSE == "smartident-approval-key:v1"


def hashed(text: str) -> str:
    return written(hashlib.sha256(text.encode()).digest())


def test_a_log_is_hashed_as_the_phones_have_signed_it() -> None:
    """An entry that an earlier release wrote must be hashed alike for as long as it is kept."""
    begun = root("a")
    assert str(begun) == "0.0." + hashed('["smartident-audit-log:v2","a"]')
    record = {"type": "device_registered", "at": 1, "device_id": "d", "detail": "k", "ttl": 86_400 * 20_833 + 1}
    content = '["a","record","p","device_registered",1,"d","k",1799971201]'
    first = head_after_record(begun, "a", "p", record)
    assert str(first) == "1.20833." + hashed(f'["smartident-audit-log:v2","{begun}",{content}]')
    login = {"created_at": 1, "expires_at": 2, "client": "c", "amr": "pwd", "statement": "{}"}
    login |= {"client_address": "s", "ttl": 0}
    second = head_after_login(first, "a", "p", login)
    assert str(second) == "2.0." + hashed(
        f'["smartident-audit-log:v2","{first}",["a","login","p",1,2,"c","pwd","{{}}","s",0]]'
    )


def test_what_a_login_came_to_is_hashed_as_the_next_one_signed_it() -> None:
    part = "8199999999had6tebz6u75ncjt2t6yo3luym"
    came_to = {
        "state": "completed",
        "complete_by": 3,
        "completed_at": 2,
        "decided_at": 2,
        "decided_by": "d",
        "receipt": "r",
    }
    digest = outcome_digest("a", part, came_to)
    content = f'["a","{part}",["completed",3,2,2,"d","r",null,null,null]]'.removeprefix("[").removesuffix("]")
    assert digest == hashed(f'["smartident-outcome:v1",{content}]')[:22]
    named = write_outcomes({part: digest})
    assert named == f"had6tebz.{digest}"
    begun = root("a")
    before = head_after_outcomes(begun, named)
    assert str(before) == "0.0." + hashed(f'["smartident-audit-log:v2","{begun}","{named}"]')
    assert head_after_outcomes(begun, None) == begun
    login = {"created_at": 1, "expires_at": 2, "client": "c", "amr": "pwd", "statement": "{}"}
    login |= {"client_address": "s", "ttl": 0, "outcomes": named}
    assert str(head_after_login(before, "a", "p", login)) == "1.0." + hashed(
        f'["smartident-audit-log:v2","{before}",["a","login","p",1,2,"c","pwd","{{}}","s",0,"{named}"]]'
    )


def test_a_phones_keys_are_digested_as_its_registration_recorded_them() -> None:
    device = {"platform": "ios", "device_key": "d", "approval_kind": "jwk", "approval_key": "a", "registered_at": 1}
    assert device_digest("i", device) == hashed('["smartident-device:v1","i",["ios","d","jwk","a",null,1]]')
