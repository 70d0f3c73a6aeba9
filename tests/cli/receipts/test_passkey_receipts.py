"""`smartident receipts verify` of logins by passkey: what the passkey signed proves them, its record vouches for it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from complete.step import finish_login
from smartident.accounts.account import read_account
from smartident.passkeys.passkey import passkey_id_of
from smartident_cli.export_file import write_export
from smartident_cli.main import app
from smartident_client import base64url
from tests.support.login_passkey import made, options, removed, sign_in, signed_in
from tests.support.world import ORIGIN, URL, World

Row = dict[str, Any]
Rows = list[Row]


def verify(file: Path, *words: str) -> Result:
    return CliRunner().invoke(app, ["receipts", "verify", str(file), *words], env={"SMARTIDENT_LANGUAGE": "de"})


@pytest.fixture
def export(world: World, tmp_path: Path) -> Path:
    """A login by phone, two by passkey, and one that ended with the removal of its passkey."""
    anna = world.account("700001")
    phone = world.phone(anna)
    session = signed_in(world, phone, world.start(anna))
    passkey, other = made(world, session), made(world, session)
    for _ in range(2):
        world.later(5)
        login = sign_in(world, passkey.get(options(world)))
        finish_login(login["login_id"], login["login_token"], issuer=URL, now=world.now)
    sign_in(world, other.get(options(world)))
    world.later(5)
    removed(world, session, passkey_id_of(base64url.encode(other.credential_id)))
    world.later(5)
    file, current = tmp_path / "anna.jsonl", read_account(anna.id)
    assert current is not None
    write_export(current, file, now=world.now)
    return file


def test_logins_by_passkey_are_proven_offline(export: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TABLE_NAME", "WEBAUTHN_RP_ID", "WEBAUTHN_ORIGINS", "PEPPER_SECRET_ARN", "ALLOWED_ORIGINS"):
        monkeypatch.delenv(name)
    told = verify(export)
    assert told.exit_code == 0, told.output + told.stderr
    assert "700001: 3 Freigaben bewiesen, 0 Anmeldungen nur mit Passwort, 0 ohne Beweis." in told.output
    assert "mit dem Gerät oder Passkey gesperrt" in told.output


def test_the_login_pages_can_be_asked_for(export: Path) -> None:
    assert verify(export, "--page", ORIGIN).exit_code == 0
    assert verify(export, "--page", "https://evil.test").exit_code == 1


def logins(rows: Rows) -> Rows:
    """Those that a passkey completed, newest first."""
    return [row for row in rows if row.get("kind") == "login" and "pwd" not in row["amr"] and "completed_at" in row]


def by_phone(rows: Rows) -> Row:
    return next(row for row in rows if row.get("kind") == "login" and "pwd" in row["amr"])


def passkeys(rows: Rows, state: str = "active") -> Row:
    return next(row for row in rows if row.get("kind") == "passkey" and row["state"] == state)


def renonced(row: Row, nonce: str) -> None:
    row["statement"] = json.dumps({**json.loads(row["statement"]), "nonce": nonce}, separators=(",", ":"))


def use_twice(rows: Rows) -> None:
    one, other = logins(rows)
    one["receipt"] = other["receipt"]
    renonced(one, json.loads(other["statement"])["nonce"])


def say_phone(rows: Rows) -> None:
    logins(rows)[0]["amr"] = by_phone(rows)["amr"]


def say_passkey(rows: Rows) -> None:
    by_phone(rows)["amr"] = logins(rows)[0]["amr"]


def take_out(rows: Rows) -> None:
    rows.remove(passkeys(rows))
    rows[-1]["end"] -= 1


def receipt(rows: Rows, **members: Any) -> None:
    login = logins(rows)[0]
    login["receipt"] = json.dumps({**json.loads(login["receipt"]), **members})


def give_back(rows: Rows) -> None:
    gone = passkeys(rows, "removed")
    gone["state"] = "active"
    del gone["removed_at"]


SPOILED: dict[str, tuple[Callable[[Rows], object], str]] = {
    "a receipt taken out": (lambda rows: logins(rows)[0].pop("receipt"), "keine Freigabe"),
    "a receipt of another login": (lambda rows: logins(rows)[0].update(receipt=logins(rows)[1]["receipt"]), "Untersch"),
    "a receipt used twice": (use_twice, "schon zu einer anderen Anmeldung"),
    "a receipt of another kind": (lambda rows: receipt(rows, type="webauthn"), "Unterschrift"),
    "passed off as one by phone": (say_phone, "Gerät oder der Passkey fehlt"),
    "passed off as one by passkey": (say_passkey, "Gerät oder der Passkey fehlt"),
    "a passkey taken out": (take_out, "Gerät oder der Passkey fehlt"),
    "another credential": (lambda rows: passkeys(rows).update(credential_id="x"), "Unterschrift"),
    "a key exchanged": (
        lambda rows: passkeys(rows).update(public_key=passkeys(rows, "removed")["public_key"]),
        "hält kein Eintrag fest",
    ),
    "another domain": (lambda rows: passkeys(rows).update(rp_id="evil.test"), "Unterschrift"),
    "made to be synced": (lambda rows: passkeys(rows).update(backup_eligible=True), "Unterschrift"),
    "made later": (lambda rows: passkeys(rows).update(made_at=1_900_000_000), "damals noch nicht"),
    "no longer removed": (give_back, "nicht so entfernt"),
    "removed and yet active": (lambda rows: passkeys(rows, "removed").update(state="active"), "nicht so entfernt"),
    "at another time": (lambda rows: logins(rows)[0].update(created_at=1_800_000_000), "Unterschrift"),
    "a number for a text": (lambda rows: passkeys(rows).update(public_key=7), "nicht mehr zu lesen"),
}  # fmt: skip


@pytest.mark.parametrize(("spoil", "said"), SPOILED.values(), ids=SPOILED)
def test_what_was_altered_shows(export: Path, spoil: Callable[[Rows], None], said: str) -> None:
    rows: Rows = [json.loads(line) for line in export.read_text().splitlines()]
    spoil(rows)
    export.write_text("".join(json.dumps(row) + "\n" for row in rows))
    told = verify(export)
    assert told.exit_code == 1
    assert said in told.stderr
