"""`smartident receipts verify`: an export alone proves who approved what, or tells where it does not."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from smartident.accounts.account import Account
from smartident.admin.two_factor import switch_two_factor
from smartident_cli.export_file import write_export
from smartident_cli.main import app
from tests.support.world import World

Rows = list[dict[str, Any]]


def verify(file: Path, *words: str) -> Result:
    return CliRunner().invoke(app, ["receipts", "verify", str(file), *words], env={"SMARTIDENT_LANGUAGE": "de"})


def log_in(world: World, account: Account, phone: Any) -> None:
    started = world.start(account)
    world.later(5)
    world.approve(phone, started)
    world.later(1)
    world.complete(started)
    world.later(60)


@pytest.fixture
def export(world: World, tmp_path: Path) -> Path:
    """Two phones, one of each kind, three logins, one of them by password alone."""
    anna = world.account("700001")
    first = world.phone(anna)
    log_in(world, anna, first)
    log_in(world, anna, world.paired_phone(first, anna, "webauthn"))
    switch_two_factor(anna.id, on=False, now=world.now)
    world.later(5)
    world.complete(world.start(anna))
    world.later(5)
    switch_two_factor(anna.id, on=True, now=world.now)
    file = tmp_path / "anna.jsonl"
    write_export(anna, file, now=world.now)
    return file


def test_every_login_is_proven_offline(export: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TABLE_NAME", "WEBAUTHN_RP_ID", "WEBAUTHN_ORIGINS", "PEPPER_SECRET_ARN"):
        monkeypatch.delenv(name)
    told = verify(export)
    assert told.exit_code == 0, told.output + told.stderr
    assert "700001: 2 Freigaben bewiesen, 1 Anmeldungen nur mit Passwort, 0 ohne Beweis." in told.output


def spoiled(export: Path, spoil: Callable[[Rows], None]) -> Result:
    rows: Rows = [json.loads(line) for line in export.read_text().splitlines()]
    spoil(rows)
    export.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return verify(export)


def logins(rows: Rows) -> Rows:
    """The logins with an approval, newest first: WebAuthn, then the raw key."""
    return [row for row in rows if row.get("kind") == "login" and row.get("receipt")]


def devices(rows: Rows) -> Rows:
    return [row for row in rows if row.get("kind") == "device"]


def restated(row: dict[str, Any], **members: Any) -> None:
    row["statement"] = json.dumps({**json.loads(row["statement"]), **members}, separators=(",", ":"))


def swap_receipts(rows: Rows) -> None:
    one, other = logins(rows)
    one["receipt"], other["receipt"] = other["receipt"], one["receipt"]


def swap_keys(rows: Rows) -> None:
    one, other = devices(rows)
    for name in ("approval_kind", "approval_key"):
        one[name], other[name] = other[name], one[name]
    one["credential_id"], other["credential_id"] = other.get("credential_id"), one.get("credential_id")


def take_phones_out(rows: Rows) -> None:
    for device in devices(rows):
        rows.remove(device)
        rows[-1]["end"] -= 1


def date_phones(rows: Rows, name: str, at: int) -> None:
    for device in devices(rows):
        device[name] = at


SPOILED: dict[str, tuple[Callable[[Rows], object], str]] = {
    "a receipt taken out": (lambda rows: logins(rows)[0].pop("receipt"), "keine Freigabe"),
    "a receipt of another login": (swap_receipts, "Unterschrift"),
    "a receipt that is none": (lambda rows: logins(rows)[0].update(receipt="{"), "Unterschrift"),
    "keys exchanged": (swap_keys, "Unterschrift"),
    "another address shown": (lambda rows: restated(logins(rows)[0], ip="192.0.2.1"), "Unterschrift"),
    "another login's statement": (
        lambda rows: logins(rows)[0].update(statement=logins(rows)[1]["statement"]),
        "einer anderen Anmeldung",
    ),
    "another client": (lambda rows: logins(rows)[0].update(client="taxapp"), "einer anderen Anmeldung"),
    "a phone taken out": (take_phones_out, "fehlt"),
    "decided too late": (lambda rows: logins(rows)[0].update(decided_at=1_900_000_000), "Zeiten"),
    "completed too early": (lambda rows: logins(rows)[0].update(completed_at=1_800_000_000), "Zeiten"),
    "revoked before": (lambda rows: date_phones(rows, "revoked_at", 1_800_000_001), "damals noch nicht"),
    "registered after": (lambda rows: date_phones(rows, "registered_at", 1_900_000_000), "damals noch nicht"),
    "a number for a text": (lambda rows: logins(rows)[0].update(statement=7), "nicht mehr zu lesen"),
}  # fmt: skip


@pytest.mark.parametrize(("spoil", "said"), SPOILED.values(), ids=SPOILED)
def test_what_was_altered_shows(export: Path, spoil: Callable[[Rows], None], said: str) -> None:
    told = spoiled(export, spoil)
    assert told.exit_code == 1
    assert said in told.stderr


def test_a_login_passed_off_as_one_by_password_contradicts_the_records(export: Path) -> None:
    def hide(rows: Rows) -> None:
        login = logins(rows)[0]
        login["amr"] = "pwd"
        del login["receipt"]

    told = spoiled(export, hide)
    assert told.exit_code == 1
    assert "obwohl die Zwei-Faktor-Anmeldung an war" in told.stderr


@pytest.mark.parametrize(
    "spoil",
    [
        lambda rows: rows.pop(),
        lambda rows: rows.pop(3),
        lambda rows: rows.pop(0),
        lambda rows: rows[0].update(webauthn=None),
        lambda rows: rows.insert(0, rows.pop(1)),
    ],
    ids=["cut off", "a row short", "no head", "damaged head", "another order"],
)
def test_a_file_that_is_not_whole_proves_nothing(export: Path, spoil: Callable[[Rows], None]) -> None:
    told = spoiled(export, spoil)
    assert told.exit_code == 1
    assert "keine vollständige Auskunft" in told.stderr


@pytest.mark.parametrize("content", [b"", b"7\n", b"{", b"\xff\n"], ids=["empty", "a number", "half", "no text"])
def test_another_file_is_no_export(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "x"
    file.write_bytes(content)
    assert "keine vollständige Auskunft" in verify(file).stderr


def test_the_domain_of_the_passkeys_can_be_asked_for(export: Path) -> None:
    assert verify(export, "--rp-id", "example.test", "--origin", "https://app.example.test").exit_code == 0
    assert verify(export, "--rp-id", "evil.test").exit_code == 1
    assert verify(export, "--origin", "https://evil.test").exit_code == 1
