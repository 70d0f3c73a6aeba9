"""New phones in an export: each further one was let in by a phone of the account, and offline that is proven."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from smartident.errors import PairingCodeWrong
from smartident_cli.export_file import write_export
from smartident_cli.main import app
from tests.support.scenarios import CHANGED_MY_MIND, NOT_ME
from tests.support.world import World

Row = dict[str, Any]
UNSIGNED = "hat kein Gerät des Zugangs so entschieden"
UNPAIRED = "hat kein anderes Gerät des Zugangs freigegeben"


@pytest.fixture
def export(world: World, tmp_path: Path) -> Path:
    """One phone let in, by a passkey; one mistyped, two declined: for each reason one."""
    world.set(UNANSWERED_LOGINS=9)
    anna = world.account("700003")
    old = world.phone(anna, "webauthn")
    world.later(5)
    world.paired_phone(old, anna)
    registered = world.register(anna, world.new_phone())
    with pytest.raises(PairingCodeWrong):
        world.let_in(old, registered, "00000000")
    for said in (CHANGED_MY_MIND, NOT_ME):
        world.later(5)
        world.decide(old, world.register(anna, world.new_phone()).registration_id, said)
    file = tmp_path / "anna.jsonl"
    write_export(anna, file, now=world.now)
    return file


def verified(file: Path) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["receipts", "verify", str(file)], env={"SMARTIDENT_LANGUAGE": "de"})
    return done.exit_code, done.stderr


def test_what_a_phone_decided_over_new_ones_is_proven(export: Path) -> None:
    assert verified(export) == (0, "")


def spoiled(file: Path, event: str, change: Callable[[Row], object], *, place: int = 0) -> str:
    rows: list[Row] = [json.loads(line) for line in file.read_text().splitlines()]
    records = sorted((row for row in rows if row.get("type") == event), key=lambda row: int(row["after"].split(".")[0]))
    change(records[place])
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    code, said = verified(file)
    assert code == 1
    return said


def restated(record: Row, **changes: object) -> None:
    record["statement"] = json.dumps({**json.loads(record["statement"]), **changes}, separators=(",", ":"))


@pytest.mark.parametrize(
    "change",
    [
        lambda record: record.pop("receipt"),
        lambda record: record.update(receipt="{}"),
        lambda record: restated(record, fingerprint="00000000"),
        lambda record: restated(record, device_id="x" * 43),
        lambda record: restated(record, purpose="smartident-login"),
        lambda record: restated(record, requested_at=1_900_000_000),
        lambda record: record.update(detail="k3v7q2xw5m6n4p2rz7aybcdefg.x"),
        lambda record: record.update(device_id="x" * 43),
        lambda record: record.pop("statement"),
    ],
    ids=["no receipt", "empty", "fingerprint", "device", "purpose", "time", "registration", "nobody", "no statement"],
)
def test_a_phone_that_none_let_in_is_named(export: Path, change: Callable[[Row], object]) -> None:
    said = spoiled(export, "pairing_approved", change)
    assert UNSIGNED in said
    assert UNPAIRED in said


def test_an_approval_before_the_phone_that_gave_it_proves_nothing(export: Path) -> None:
    assert UNSIGNED in spoiled(export, "pairing_approved", lambda record: record.update(at=record["at"] - 6))


@pytest.mark.parametrize("place", [0, 1, 2], ids=["mistyped", "changed my mind", "not me"])
def test_a_denial_that_no_phone_sent_is_named(export: Path, place: int) -> None:
    assert UNSIGNED in spoiled(export, "pairing_declined", lambda record: record.pop("receipt"), place=place)


def test_a_denial_of_another_registration_proves_nothing(export: Path) -> None:
    assert UNSIGNED in spoiled(export, "pairing_declined", lambda record: record.update(detail="x.y"), place=1)


def test_a_denial_passed_off_as_an_approval_is_named(export: Path) -> None:
    said = spoiled(export, "pairing_declined", lambda record: record.update(type="pairing_approved"), place=1)
    assert UNSIGNED in said


def test_a_mistyped_code_passed_off_as_an_approval_lets_nobody_in(export: Path) -> None:
    """What was signed is the same; the chain says which of the two it was."""
    said = spoiled(export, "pairing_declined", lambda record: record.update(type="pairing_approved"))
    assert "eines von beiden wurde verändert" in said


def test_a_removed_record_leaves_its_phone_unpaired(export: Path) -> None:
    rows: list[Row] = [json.loads(line) for line in export.read_text().splitlines()]
    kept = [row for row in rows if row.get("type") != "pairing_approved"]
    kept[-1]["end"] = len(kept) - 2
    export.write_text("".join(json.dumps(row) + "\n" for row in kept))
    assert UNPAIRED in verified(export)[1]
