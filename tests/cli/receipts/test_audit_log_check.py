"""`smartident receipts verify` reads the log: what was taken out, put in or altered is told by its number."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from devices.step import NewName, rename
from smartident.accounts.account import (
    AccountRow,
)
from smartident.accounts.audit_log import AuditRecordRow
from smartident.admin.two_factor import switch_two_factor
from smartident.approvals.decide import Approve
from smartident.crypto.hash_chain import (
    head_after_login,
    head_after_record,
    read_head,
    root,
)
from smartident.errors import TransferCodeWrong
from smartident.logins.login import LoginRow
from smartident_cli.export_file import write_export
from smartident_cli.main import app
from smartident_client import base64url
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
    phone, other = world.phone(anna), world.phone(anna, "webauthn")
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


def spoiled(export: Path, spoil: Callable[[Rows], object]) -> Result:
    rows = read(export)
    spoil(rows)
    write(export, rows)
    return verify(export)


def only(rows: Rows, kind: str) -> Row:
    (row,) = [row for row in rows if row.get("kind") == kind]
    return row


def test_an_untouched_log_is_whole(export: Path) -> None:
    told = verify(export)
    assert (told.exit_code, told.stderr) == (0, "")
    stands = only(read(export), "account")["audit_log_head"]
    assert f"Verlauf: 14 Einträge, 4 Ablehnungen bewiesen, 0 Fehler; Stand {stands}" in told.output.replace("\n", " ")


def test_every_entry_taken_out_shows_by_its_number(export: Path) -> None:
    whole = read(export)
    for number, entry in enumerate(entries(whole), start=1):
        rows = [row for row in whole if row != entry]
        write(export, rows)
        told = verify(export)
        assert told.exit_code == 1
        assert f"fehlt Nr. {number}." in told.stderr


def test_every_member_of_every_entry_altered_shows(export: Path) -> None:
    """All but those that change while a login lives and say nothing afterwards, and what the pins alone hold."""
    idle = {"kind", "connection_id", "complete_by", "completed_at", "pk"}
    for place, row in enumerate(read(export)):
        if row.get("kind") not in {"login", "record"}:
            continue
        for name in row.keys() - idle:
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
            said = {**json.loads(row["statement"]), "audit_log": str(stands)}
            row["statement"] = json.dumps(said, separators=(",", ":"), ensure_ascii=False)
            stands = head_after_login(stands, row["pk"], row["sk"].removeprefix("LOGIN#"), row)
        else:
            row["after"] = str(stands)
            stands = head_after_record(stands, row["pk"], row["sk"].removeprefix("RECORD#"), row)
    account["audit_log_head"] = str(stands)


@pytest.mark.parametrize("number", range(1, 14))
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
    third, eighth = entries(rows)[2], entries(rows)[8]
    third["after"], eighth["after"] = eighth["after"], third["after"]


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
    "the end set back": (set_back, "Der Zugang weiß nichts von Nr. 14"),
    "the end forgotten": (
        lambda rows: only(rows, "account").pop("audit_log_head"),
        "Der Zugang weiß nichts von Nr. 14",
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


def test_entries_past_their_time_are_told_and_no_fault(export: Path) -> None:
    """TTL deletes within days and in no order: an entry past its time may be gone while an older one is still there."""
    rows = read(export)
    for row in entries(rows)[:2] + entries(rows)[3:5]:
        rows.remove(row)
    write(export, rows)
    assert verify(export).exit_code == 1
    rows[0]["exported_at"] += 401 * 86_400
    write(export, rows)
    told = verify(export)
    assert told.exit_code == 0, told.stderr
    assert "Nr. 1-2 des Verlaufs ist nicht mehr da: die Aufbewahrung war abgelaufen." in told.output
    assert "Nr. 4-5 des" in told.output


def test_an_account_from_before_the_log_gets_one_with_its_next_entry(world: World, tmp_path: Path) -> None:
    anna = world.account()
    phone = world.phone(anna)
    log_in(world, phone, anna)
    AccountRow(anna.id, "ACCOUNT").update(actions=[AccountRow.audit_log_head.remove()])
    for record in AuditRecordRow.query(anna.id, AuditRecordRow.sk.startswith("RECORD#")):
        record.update(actions=[AuditRecordRow.after.remove()])
    for login in LoginRow.query(anna.id, LoginRow.sk.startswith("LOGIN#")):
        login.delete()
    log_in(world, phone, anna)
    file = tmp_path / "anna.jsonl"
    write_export(anna, file, now=world.now)
    told = verify(file)
    assert told.exit_code == 0, told.stderr
    assert "1 Einträge sind älter als der Verlauf" in told.output
    assert "Verlauf: 1 Einträge" in told.output
