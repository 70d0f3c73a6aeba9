"""`smartident receipts verify` reads the log: what was taken out, put in or altered is told by its number."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from devices.step import NewName, rename
from smartident.accounts.account import Account
from smartident.accounts.audit_log import VOUCHERS
from smartident.accounts.item.row import AccountRow, account_key
from smartident.admin.change import change_phone
from smartident.admin.two_factor import switch_two_factor
from smartident.approvals.decide import Approve
from smartident.crypto.hash_chain import (
    head_after_login,
    head_after_outcomes,
    head_after_record,
    outcome_digest,
    read_head,
    read_outcomes,
    root,
    short_part,
    write_outcomes,
)
from smartident.errors import TransferCodeWrong
from smartident_cli.export_file import AccountInUse, write_export
from smartident_cli.main import app
from smartident_client import base64url
from tests.cli.receipts.conftest import VerifiersClock
from tests.support.fake_aws import Aws
from tests.support.scenarios import CHANGED_MY_MIND, NOT_ME
from tests.support.world import Phone, World

Row = dict[str, Any]
Rows = list[Row]


def verify(file: Path, *words: str, language: str = "de") -> Result:
    return CliRunner().invoke(app, ["receipts", "verify", str(file), *words], env={"SMARTIDENT_LANGUAGE": language})


def log_in(world: World, phone: Phone, account: Any) -> None:
    started = world.start(account)
    world.later(5)
    world.approve(phone, started)
    world.complete(started)
    world.later(60)


def deny(world: World, phone: Phone, account: Any, ask: Any) -> None:
    started = world.start(account, client_address="203.0.113.50")
    world.later(5)
    world.decide(phone, started.login.id, ask)
    world.later(60)


def mistype(world: World, phone: Phone, account: Any) -> None:
    started = world.start(account)
    statement = base64url.encode(started.login.statement.encode())
    code = f"{(int(started.transfer_code or 0) + 1) % 10**6:06d}"
    with pytest.raises(TransferCodeWrong):
        world.decide(phone, started.login.id, Approve(phone.evidence(statement, code, now=world.now)))
    world.later(60)


@pytest.fixture(scope="module")
def life(cloud: Aws, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The export of a life with every kind of entry, fourteen of them; the last is a login."""
    patch = pytest.MonkeyPatch()
    world = World(patch, cloud)
    world.provision()
    yield lived(world, tmp_path_factory.mktemp("life") / "anna.jsonl").read_text()
    patch.undo()


@pytest.fixture
def export(life: str, tmp_path: Path) -> Path:
    file = tmp_path / "anna.jsonl"
    file.write_text(life)
    return file


def lived(world: World, file: Path) -> Path:
    anna = world.account("700002")
    phone = world.phone(anna)
    other = world.paired_phone(phone, anna, "webauthn")
    request = phone.request("PATCH", f"/v1/devices/{other.key.thumbprint}", b"{}", now=world.now)
    rename(other.key.thumbprint, NewName("Tablet"), request=request, now=world.now)
    log_in(world, phone, anna)
    log_in(world, other, anna)
    deny(world, phone, anna, CHANGED_MY_MIND)
    deny(world, other, anna, NOT_ME)
    mistype(world, phone, anna)
    switch_two_factor(anna.id, on=False, now=world.now)
    world.later(5)
    world.complete(world.start(anna))
    switch_two_factor(anna.id, on=True, now=world.now + 1)
    world.later(5)
    taken_along = world.start(anna)
    world.approve(other, taken_along)
    world.revoke(phone, other.key.thumbprint)
    log_in(world, phone, anna)
    write_export(anna, file, now=world.now)
    return file


def read(file: Path) -> Rows:
    return [json.loads(line) for line in file.read_text().splitlines()]


def write(file: Path, rows: Rows) -> None:
    rows[-1]["end"] = len(rows) - 2
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))


def position(row: Row) -> Any:
    text = json.loads(row["statement"])["audit_log"] if row["kind"] == "login" else row["after"]
    return read_head(text)


def entries(rows: Rows) -> Rows:
    """The entries in their order."""
    found = [row for row in rows if row.get("kind") in {"login", "record"}]
    return sorted(found, key=lambda row: position(row).entries)


def spoiled(export: Path, spoil: Callable[[Rows], object], *words: str) -> Result:
    rows = read(export)
    spoil(rows)
    write(export, rows)
    return verify(export, *words)


def only(rows: Rows, kind: str) -> Row:
    (row,) = [row for row in rows if row.get("kind") == kind]
    return row


def test_an_untouched_log_is_whole(export: Path) -> None:
    told = verify(export)
    assert (told.exit_code, told.stderr) == (0, "")
    stands = only(read(export), "account")["audit_log_head"]
    assert f"Verlauf: 16 Einträge, 3 Ablehnungen bewiesen, 0 Fehler; Stand {stands}" in told.output.replace("\n", " ")


def test_every_entry_taken_out_shows_by_its_number(export: Path) -> None:
    whole = read(export)
    for number, entry in enumerate(entries(whole), start=1):
        rows = [row for row in whole if row != entry]
        write(export, rows)
        told = verify(export)
        assert told.exit_code == 1
        assert f"fehlt Nr. {number}." in told.stderr


def test_every_member_of_every_entry_altered_shows(export: Path) -> None:
    """All but the socket that a login's page once had, and what only a later login can say of the last."""
    idle, last = {"kind", "connection_id", "pk"}, entries(read(export))[-1]
    for place, row in enumerate(read(export)):
        if row.get("kind") not in {"login", "record"}:
            continue
        for name in row.keys() - idle - ({"completed_at"} if row == last else set()):
            rows = read(export)
            old = rows[place][name]
            rows[place][name] = old + 3600 if isinstance(old, int) else old[:-1] + ("A" if old[-1] != "A" else "B")
            file = export.with_suffix(".spoiled")
            write(file, rows)
            told = verify(file)
            assert told.exit_code == 1, (row, name, told.output)


def rechained(rows: Rows) -> None:
    """What an insider does who may write the table and knows this program: every hash anew."""
    account = only(rows, "account")
    stands = root(account["pk"])
    for row in entries(rows):
        if row["kind"] == "login":
            stands = head_after_outcomes(stands, row.get("outcomes"))
            said = {**json.loads(row["statement"]), "audit_log": str(stands)}
            row["statement"] = json.dumps(said, separators=(",", ":"), ensure_ascii=False)
            stands = head_after_login(stands, row["pk"], row["sk"].removeprefix("LOGIN#"), row)
        else:
            row["after"] = str(stands)
            stands = head_after_record(stands, row["pk"], row["sk"].removeprefix("RECORD#"), row)
    account["audit_log_head"] = str(stands)


@pytest.mark.parametrize("number", range(1, 16))
def test_who_takes_an_entry_out_and_hashes_all_anew_has_not_the_phones_signature(export: Path, number: int) -> None:
    def rewrite(rows: Rows) -> None:
        rows.remove(entries(rows)[number - 1])
        rechained(rows)

    told = spoiled(export, rewrite)
    assert told.exit_code == 1
    assert "Im Verlauf" not in told.stderr
    assert "Unterschrift gilt nicht" in told.stderr


def test_who_takes_all_out_since_an_earlier_look_shows_by_where_it_stood_then(export: Path) -> None:
    """What remains: the end alone, cut off with its own signatures. A noted position tells."""
    once = only(read(export), "account")["audit_log_head"]

    def cut(rows: Rows) -> None:
        rows.remove(entries(rows)[-1])
        rechained(rows)

    assert spoiled(export, cut).exit_code == 0
    told = verify(export, "--log", once)
    assert told.exit_code == 1
    assert f"Der Verlauf stand nie bei {once}." in told.stderr
    assert verify(export, "--log", only(read(export), "account")["audit_log_head"]).exit_code == 0


def exchanged(rows: Rows) -> None:
    third, tenth = entries(rows)[2], entries(rows)[10]
    third["after"], tenth["after"] = tenth["after"], third["after"]


def put_in(rows: Rows) -> None:
    rows.insert(-1, {**entries(rows)[2], "sk": "RECORD#8199999000x", "at": 1_800_000_100})


def put_in_apart(rows: Rows) -> None:
    row = {**entries(rows)[2], "sk": "RECORD#8199999000x", "at": 1_800_000_100}
    del row["after"]
    rows.insert(-1, row)


def set_back(rows: Rows) -> None:
    only(rows, "account")["audit_log_head"] = str(position(entries(rows)[-1]))


def device(rows: Rows, **members: object) -> None:
    [row] = [row for row in rows if row.get("kind") == "device" and row.get("name") == "Tablet"]
    row.update(members)


SPOILED: dict[str, tuple[Callable[[Rows], object], str]] = {
    "two exchanged": (exchanged, "eines von beiden wurde verändert"),
    "one put in": (put_in, "gibt es zweimal"),
    "one put in apart": (put_in_apart, "steht in keinem Verlauf"),
    "the first altered": (lambda rows: entries(rows)[0].update(after=f"0.0.{'A' * 43}"), "nicht wie der dieses"),
    "the last altered": (lambda rows: entries(rows)[-1].update(client_address="elsewhere"), "hält als Letztes"),
    "the end set back": (set_back, "Der Zugang weiß nichts von Nr. 16"),
    "the end forgotten": (
        lambda rows: only(rows, "account").pop("audit_log_head"),
        "Der Zugang weiß nichts von Nr. 16",
    ),
    "the end illegible": (
        lambda rows: only(rows, "account").update(audit_log_head="7"),
        "ACCOUNT ist nicht mehr zu lesen",
    ),
    "an entry illegible": (lambda rows: entries(rows)[2].update(after="7"), "ist nicht mehr zu lesen"),
    "other keys": (lambda rows: device(rows, approval_key="pg"), "hat andere Schlüssel"),
    "another name": (lambda rows: device(rows, name="Annas Tablet"), "heißt anders, als"),
    "a phone revived": (lambda rows: device(rows, state="active"), "nicht so gesperrt"),
    "a phone without record": (lambda rows: device(rows, sk="DEVICE#x"), "wurde nie registriert"),
    "the factor off": (lambda rows: only(rows, "account").update(two_factor=False), "Anmeldung auf on gestellt"),
}  # fmt: skip


@pytest.mark.parametrize(("spoil", "said"), SPOILED.values(), ids=SPOILED)
def test_what_does_not_fit_shows(export: Path, spoil: Callable[[Rows], object], said: str) -> None:
    told = spoiled(export, spoil)
    assert told.exit_code == 1
    assert said in told.stderr


def test_it_is_said_in_english_too(export: Path) -> None:
    rows = read(export)
    rows.remove(entries(rows)[4])
    write(export, rows)
    assert "No. 5 is missing from the audit log." in verify(export, language="en").stderr


def test_entries_past_their_time_are_told_and_no_fault(export: Path, verifiers_clock: VerifiersClock) -> None:
    """TTL deletes within days and in no order: an entry past its time may be gone while an older one is still there."""
    rows = read(export)
    gone = [entry for entry in entries(rows)[1:9] if entry.get("type") not in VOUCHERS]
    for row in gone:
        rows.remove(row)
    write(export, rows)
    assert verify(export).exit_code == 1
    # The time that the export tells explains nothing; the verifier's does.
    rows[0]["exported_at"] += 401 * 86_400
    write(export, rows)
    told = verify(export)
    assert told.exit_code == 1
    assert "eine Zeit, die noch nicht war" in told.stderr
    verifiers_clock.now += 401 * 86_400
    told = verify(export)
    assert told.exit_code == 0, told.stderr
    assert "des Verlaufs ist nicht mehr da: die Aufbewahrung war abgelaufen." in told.output


def test_a_phone_is_vouched_for_by_its_registration_however_long_ago(
    export: Path, verifiers_clock: VerifiersClock
) -> None:
    rows = read(export)
    [record, _] = [entry for entry in entries(rows) if entry.get("type") == "device_registered"]
    rows.remove(record)
    rows[0]["exported_at"] += 401 * 86_400
    write(export, rows)
    verifiers_clock.now += 402 * 86_400
    told = verify(export)
    assert told.exit_code == 1
    assert "wurde nie registriert" in told.stderr
    assert "fehlt Nr. 1." in told.stderr


def test_it_ends_with_a_line_for_each_class(export: Path) -> None:
    told = verify(export)
    lines = told.output.splitlines()
    assert lines[-4:] == ["Bewiesen: 6", "Unbewiesen: 2", "Widersprüchlich: 0", "Fehlend: 0"]
    rows = read(export)
    rows.remove(entries(rows)[4])
    write(export, rows)
    told = verify(export)
    assert told.exit_code == 1
    assert "Fehlend: 1" in told.output


def outcome_exchanged(rows: Rows, login: Row) -> None:
    """A session that becomes the denial of a phone that was revoked later: nobody signs such a denial."""
    [phone] = [row for row in rows if row.get("kind") == "device" and row.get("state") == "revoked"]
    del login["completed_at"]
    login.update(state="denied", reason="device_revoked", decided_by=phone["sk"][7:], decided_at=phone["revoked_at"])


def sessions(rows: Rows) -> Rows:
    return [one for one in entries(rows) if one["kind"] == "login" and one["state"] == "completed" and "receipt" in one]


def test_a_session_rewritten_as_taken_back_contradicts_the_next_login(export: Path) -> None:
    for number in range(len(sessions(read(export))) - 1):
        rows = read(export)
        outcome_exchanged(rows, sessions(rows)[number])
        file = export.with_suffix(".rewritten")
        write(file, rows)
        told = verify(file)
        assert told.exit_code == 1
        assert "ging anders aus, als" in told.stderr


def test_the_last_session_rewritten_as_taken_back_is_open_and_no_proven_denial(export: Path) -> None:
    untouched = json.loads(verify(export, "--json").stdout)
    told = json.loads(spoiled(export, lambda rows: outcome_exchanged(rows, sessions(rows)[-1]), "--json").stdout)
    assert (told["proven"], told["unproven"]) == (untouched["proven"] - 1, untouched["unproven"] + 1)
    assert untouched["open"] == told["open"] == 1


def test_who_hashes_an_exchanged_outcome_anew_has_not_the_signature_of_the_next_login(export: Path) -> None:
    def rewrite(rows: Rows) -> None:
        login = sessions(rows)[0]
        outcome_exchanged(rows, login)
        digests = {(part := login["sk"][6:]): outcome_digest(login["pk"], part, login)}
        for row in entries(rows):
            if short_part(part) in read_outcomes(row.get("outcomes")):
                row["outcomes"] = write_outcomes(digests)
        rechained(rows)

    told = spoiled(export, rewrite)
    assert told.exit_code == 1
    assert "ging anders aus" not in told.stderr
    assert "Unterschrift gilt nicht" in told.stderr


def test_a_later_login_says_what_became_of_those_before_it(world: World, tmp_path: Path) -> None:
    """One that waits is open until nothing changes it any more: an hour after it ran out."""
    anna = world.account("700002")
    phone = world.phone(anna)
    world.start(anna)
    log_in(world, phone, anna)
    assert open_outcomes(world, anna, tmp_path) == 2
    world.later(3 * 3600)
    log_in(world, phone, anna)
    assert open_outcomes(world, anna, tmp_path) == 1


def test_each_outcome_is_named_once_and_then_forgotten_by_the_account(world: World, tmp_path: Path) -> None:
    """So that an account's item stays small, and a start reads the logins since the last one."""
    anna, file = world.account("700002"), tmp_path / "anna.jsonl"
    phone = world.phone(anna)
    for _ in range(4):
        log_in(world, phone, anna)
    write_export(anna, file, now=world.now)
    logins = [row for row in entries(read(file)) if row["kind"] == "login"]
    named = [short for row in logins for short in read_outcomes(row.get("outcomes"))]
    assert named == [short_part(row["sk"][6:]) for row in logins[:-1]]
    assert only(read(file), "account")["open_outcomes"] == [logins[-1]["sk"][6:]]


def test_who_takes_an_outcome_off_the_account_so_that_no_login_names_it_shows(world: World, tmp_path: Path) -> None:
    anna, file = world.account("700002"), tmp_path / "anna.jsonl"
    phone = world.phone(anna)
    log_in(world, phone, anna)
    account_key(anna.id).update(actions=[AccountRow.open_outcomes.remove()])
    world.later(2 * 3600)
    log_in(world, phone, anna)
    write_export(anna, file, now=world.now)
    told = verify(file)
    assert told.exit_code == 1
    assert "hält nicht fest, wie Nr. 2 ausging" in told.stderr


def open_outcomes(world: World, account: Account, folder: Path) -> int:
    write_export(account, folder / f"{world.now}.jsonl", now=world.now)
    told = verify(folder / f"{world.now}.jsonl", "--json")
    assert told.exit_code == 0, told.output
    return int(json.loads(told.stdout)["open"])


# What no signature and no record covers: it proves nothing, and docs/security.md says so.
UNCOVERED: dict[str, set[str] | None] = {
    "number": set(),
    "email": set(),
    "registration": None,
    "logout": None,
    "notice": None,
    "pairing": None,
    "counter": None,
    "device": {"name", "revoked_by", "ttl"},
    "login": {"connection_id"},
    "record": set(),
    "account": None,
}
# What no later login says yet of the last one.
OPEN_OUTCOME = {"completed_at", "complete_by", "decided_at"}
# Of the account: what the log, its devices and its logins are held against.
COVERED_OF_THE_ACCOUNT = {"audit_log_head", "frozen", "two_factor", "access_number", "pk", "kind"}


def altered(value: object) -> object:
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 400 * 86_400
    return f"{value[:-1]}{'A' if value[-1:] != 'A' else 'B'}" if isinstance(value, str) else value


def test_each_member_of_each_item_altered_is_named_or_proves_nothing(export: Path) -> None:
    whole = read(export)
    last = entries(whole)[-1]
    for place, row in enumerate(whole[1:-1], start=1):
        uncovered = UNCOVERED[row["kind"]]
        if row["kind"] == "account":
            uncovered = row.keys() - COVERED_OF_THE_ACCOUNT
        if row == last:
            uncovered = {"connection_id", *OPEN_OUTCOME}
        for name in () if uncovered is None else row.keys() - uncovered:
            rows = read(export)
            rows[place][name] = altered(row[name])
            file = export.with_suffix(".altered")
            write(file, rows)
            assert verify(file).exit_code == 1, (row["kind"], name)


def test_each_item_that_something_rests_on_is_missed(export: Path) -> None:
    whole = read(export)
    for row in whole[1:-1]:
        if row["kind"] in {"account", "device", "login", "record"}:
            rows = [other for other in whole if other != row]
            file = export.with_suffix(".dropped")
            write(file, rows)
            assert verify(file).exit_code == 1, row["kind"]


def test_each_item_that_stands_there_twice_is_named(export: Path) -> None:
    whole = read(export)
    for place, row in enumerate(whole[1:-1], start=1):
        if row["kind"] in {"account", "device", "login", "record", "number"}:
            file = export.with_suffix(".doubled")
            write(file, [*whole[:place], row, *whole[place:]])
            assert verify(file).exit_code == 1, row["kind"]


def test_what_is_put_in_is_named(export: Path) -> None:
    whole = read(export)
    of_somebody_else = "k3v7q2xw5m6n4p2rz7aybcdefg"
    for row in whole[1:-1]:
        if row["kind"] in {"account", "device", "login", "record"}:
            for change in ({"pk": of_somebody_else}, {"sk": f"{row['sk'][:-3]}aaa"}):
                file = export.with_suffix(".padded")
                write(file, [*whole[:-1], {**row, **change}, whole[-1]])
                assert verify(file).exit_code == 1, (row["kind"], change)


def test_an_account_in_use_is_read_until_it_rests(world: World, tmp_path: Path) -> None:
    anna = world.account("700002")
    phone = world.phone(anna)
    log_in(world, phone, anna)
    world.aws.before("Query", lambda: log_in(world, phone, anna), after=1)
    write_export(anna, tmp_path / "anna.jsonl", now=world.now)
    told = verify(tmp_path / "anna.jsonl")
    assert (told.exit_code, told.stderr) == (0, "")


def test_an_account_that_never_rests_is_not_exported(world: World, tmp_path: Path) -> None:
    anna = world.account("700002")

    changes = iter(range(50))

    def busy() -> None:
        if (number := next(changes, None)) is not None:
            change_phone(anna.id, f"+491701230{number:03}", now=world.now)
            world.aws.before("Query", busy)

    world.aws.before("Query", busy)
    with pytest.raises(AccountInUse):
        write_export(anna, tmp_path / "anna.jsonl", now=world.now)
    for _ in changes:
        pass
    world.listed(world.phone(anna))
    assert not (tmp_path / "anna.jsonl").exists()
