"""`smartident receipts verify` over all that can happen to an account, and whatever is done to the export of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from complete.step import finish_login
from smartident.accounts.account import read_account
from smartident.admin.change import change_email, change_external_id, change_phone
from smartident.enrolment.enrolment_code import read_enrolment_code
from smartident.enrolment.issue import confirm_issued_code, issue_enrolment_code
from smartident.freeze.by_notice import freeze_by_notice
from smartident.freeze.opening import open_account
from smartident.passkeys.passkey import passkey_id_of
from smartident.sign_out.everywhere import sign_out_everywhere
from smartident.storage.table import DAY
from smartident_cli.export_file import write_export
from smartident_cli.main import app
from smartident_client import base64url
from tests.cli.receipts.conftest import VerifiersClock
from tests.cli.receipts.test_audit_log_check import altered
from tests.freeze.test_by_device import open_by, press
from tests.lost_phone.test_delay import begun
from tests.support import recovery
from tests.support.ciba_flow import BackEnd, add_back_ends
from tests.support.freeze_links import told
from tests.support.login_passkey import made, options, removed, sign_in, signed_in
from tests.support.oidc_flow import OPERATOR, Flow, add_clients
from tests.support.push_service import subscribed
from tests.support.scenarios import CHANGED_MY_MIND
from tests.support.world import URL, World

if TYPE_CHECKING:
    from collections.abc import Iterator

    from smartident.accounts.account import Account
    from tests.support.fake_aws import Aws
    from tests.support.world import Phone

Row = dict[str, Any]


def by_clients(world: World, anna: Account, phone: Phone) -> None:
    """Logins by CIBA and OpenID Connect, and the end of all sessions."""
    add_clients(world)
    add_back_ends(world, anna)
    back_end = BackEnd(world)
    assert back_end.poll(back_end.approved(phone)["auth_req_id"])[0] == 200
    flow = Flow(world)
    assert flow.token(flow.answered(anna, phone)["code"])[0] == 200
    sign_out_everywhere(anna.id, by=None, now=world.now)


def by_passkeys(world: World, anna: Account, phone: Phone) -> None:
    """Two passkeys, a login by one, and one that ends with its passkey."""
    session = signed_in(world, phone, world.start(anna))
    stays, goes = made(world, session), made(world, session)
    login = sign_in(world, stays.get(options(world)))
    finish_login(login["login_id"], login["login_token"], issuer=URL, now=world.now)
    sign_in(world, goes.get(options(world)))
    removed(world, session, passkey_id_of(base64url.encode(goes.credential_id)))


def new_phone_for_the_old(world: World, anna: Account, old: Phone) -> Phone:
    """The old phone lets a new one in and leaves for it."""
    new = world.paired_phone(old, anna, "webauthn", retire=True)
    started = world.start(anna)
    world.approve(new, started)
    world.later(1)
    world.complete(started)
    world.listed(new)
    return new


def frozen_and_opened(world: World, anna: Account, phone: Phone) -> None:
    """By the phone, and by the link of a notice, after which the operator opens."""
    press(world, phone)
    world.later(60)
    open_by(world, phone)
    world.later(60)
    freeze_by_notice(told(anna, now=world.now), now=world.now)
    world.later(60)
    open_account(anna.id, operator=OPERATOR, now=world.now)


def lost_and_back(world: World, anna: Account, phone: Phone) -> None:
    """By a recovery code, by an operator's code that a second one confirms, and by a wait that is stopped."""
    recovery.recovered_phone(world, anna, recovery.codes(world, phone)[1])
    world.later(60)
    issued = issue_enrolment_code(anna.id, issued_by=OPERATOR, two_operators=True, now=world.now)
    kept = read_enrolment_code(anna.id)
    assert kept is not None
    confirm_issued_code(anna.id, kept.id, confirmed_by="paul", now=world.now)
    by_code = world.new_phone()
    world.verify(world.enrol(anna, by_code, issued.code), by_code)
    world.later(60)
    waits, *_ = begun(world, anna)
    world.decide(phone, waits.registration_id, CHANGED_MY_MIND)


@pytest.fixture(scope="module")
def life(cloud: Aws, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    patch = pytest.MonkeyPatch()
    world = World(patch, cloud)
    world.provision()
    world.stop_the_clock()
    world.set(LOST_PHONE_DELAY=48)
    anna = world.account("700003", email="anna@example.org")
    first = world.phone(anna)
    subscribed(world, first)
    by_clients(world, anna, first)
    world.later(60)
    by_passkeys(world, anna, first)
    world.later(60)
    phone = new_phone_for_the_old(world, anna, first)
    world.later(2 * DAY)
    frozen_and_opened(world, anna, phone)
    lost_and_back(world, anna, phone)
    change_email(anna.id, "anna@example.net", now=world.now)
    change_phone(anna.id, "+491701234799", now=world.now)
    change_external_id(anna.id, "shop", "S-1", now=world.now)
    file, current = tmp_path_factory.mktemp("stories") / "anna.jsonl", read_account(anna.id)
    assert current is not None
    write_export(current, file, now=world.now)
    yield file.read_text()
    patch.undo()


@pytest.fixture(autouse=True)
def later(verifiers_clock: VerifiersClock) -> None:
    verifiers_clock.now += 10 * DAY


def rows_of(life: str) -> list[Row]:
    """The lines of the export."""
    return [json.loads(line) for line in life.splitlines()]


def verified(rows: list[Row], file: Path) -> tuple[int, str]:
    """The verifier's exit code over these rows, whose end counts them, and what it says."""
    rows[-1]["end"] = len(rows) - 2
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    done = CliRunner().invoke(app, ["receipts", "verify", str(file)], env={"SMARTIDENT_LANGUAGE": "en"})
    return done.exit_code, done.output + done.stderr


def test_an_honest_export_of_every_story_passes(life: str, tmp_path: Path) -> None:
    code, said = verified(rows_of(life), tmp_path / "anna.jsonl")
    assert code == 0, said


def test_whatever_is_taken_out_is_missed(life: str, tmp_path: Path) -> None:
    """One of each kind of entry, each phone and each passkey: one that never signed anything, too."""
    for place, row in first_of_each(rows_of(life), each=("device", "passkey")):
        rows = rows_of(life)
        del rows[place]
        assert verified(rows, tmp_path / "anna.jsonl")[0] == 1, row


def test_whatever_a_phone_signed_is_held_against_its_signature(life: str, tmp_path: Path) -> None:
    """What a record keeps of it is in no hash of the log: a removal, codes, a new phone, an opening, a wait stopped."""
    signed = set()
    for place, row in first_of_each(rows_of(life)):
        for name in ({"statement", "receipt"} & row.keys()) if row["kind"] == "record" else ():
            signed.add(row["type"])
            for kept in (None, row[name][:-3] + row[name][-2:]):
                rows = rows_of(life)
                rows[place] = {of: kept if of == name else value for of, value in row.items() if kept or of != name}
                assert verified(rows, tmp_path / "anna.jsonl")[0] == 1, (row["type"], name)
    assert signed == {"account_opened", "pairing_approved", "recovery_codes_made", "registration_stopped"}


# What docs/security.md names, and what shows how often a passkey was used.
UNPROVEN = {"name", "cool_off_until", "retired_by", "revoked_by", "delivery"}
UNPROVEN_OF_A_PASSKEY = {"backed_up", "last_used_at", "sign_count", "transports"}


def test_every_member_of_a_phone_a_passkey_and_a_login_is_held_against_something(life: str, tmp_path: Path) -> None:
    for place, row in first_of_each(rows_of(life)):
        if row["kind"] not in {"device", "passkey", "login"}:
            continue
        for name in row.keys() - UNPROVEN - UNPROVEN_OF_A_PASSKEY:
            rows = rows_of(life)
            rows[place][name] = altered(row[name])
            assert verified(rows, tmp_path / "anna.jsonl")[0] == 1, (row["kind"], name)


def first_of_each(rows: list[Row], *, each: tuple[str, ...] = ()) -> list[tuple[int, Row]]:
    """The places of the first entry of each kind, and of every item of these kinds."""
    found: dict[object, tuple[int, Row]] = {}
    for place, row in enumerate(rows):
        if row.get("kind") in {"record", "login", "device", "passkey"}:
            of = row["sk"] if row["kind"] in each else "receipt" in row
            kind = row["kind"], row.get("type"), row.get("state"), of
            found.setdefault(kind, (place, row))
    return [*found.values()]
