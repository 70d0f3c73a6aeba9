"""`smartident receipts verify` asks of each phone that left for a new one whether it signed that itself."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from smartident.webauthn.relying_party import RelyingParty
from smartident_cli.export_file import write_export
from smartident_cli.main import app
from smartident_cli.receipts.retirements import retirement_findings
from tests.retirement.retiring import Pair

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.support.world import World

Row = dict[str, Any]
PARTY = RelyingParty("", ())


def verified(file: Path) -> str:
    done = CliRunner().invoke(app, ["receipts", "verify", str(file)], env={"SMARTIDENT_LANGUAGE": "de"})
    return done.output + done.stderr


def rows_of(pair: Pair, file: Path) -> list[Row]:
    write_export(pair.anna, file, now=pair.world.now)
    return [json.loads(line) for line in file.read_text().splitlines()]


def found(rows: list[Row]) -> list[str]:
    devices, records = ([row for row in rows if row.get("kind") == kind] for kind in ("device", "record"))
    return [finding.sentence for finding in retirement_findings(devices, records, PARTY)]


def record(rows: list[Row], kind: str) -> Row:
    (one,) = [row for row in rows if row.get("type") == kind]
    return one


def faults(output: str) -> str:
    return next(line for line in output.splitlines() if line.startswith("Verlauf:"))


@pytest.mark.parametrize("restored", [False, True], ids=["left", "left and back"])
def test_what_the_phone_signed_itself_passes(world: World, tmp_path: Path, restored: bool) -> None:
    pair = Pair(world)
    pair.retire()
    if restored:
        pair.freeze(pair.new)
    file = tmp_path / "anna.jsonl"
    assert found(rows_of(pair, file)) == []
    assert "0 Fehler" in faults(verified(file))


def test_a_phone_that_left_and_that_nobody_wrote_down_yet_is_no_fault(world: World, tmp_path: Path) -> None:
    pair = Pair(world)
    pair.log_in()
    file = tmp_path / "anna.jsonl"
    assert found(rows_of(pair, file)) == []
    assert "0 Fehler" in faults(verified(file))


def unsigned(_: Row, rows: list[Row]) -> None:
    """The phone signed that it lets the new one in, and not that it leaves."""
    rows.remove(record(rows, "pairing_approved"))


@pytest.mark.parametrize(
    "change",
    [
        unsigned,
        lambda left, rows: left.update(device_id=record(rows, "device_retired")["detail"]),
        lambda left, _: left.update(detail="another"),
        lambda _, rows: record(rows, "pairing_approved").update(receipt="{}"),
        lambda _, rows: record(rows, "pairing_approved").update(device_id="nobody"),
        lambda left, rows: rows.append({**left, "type": "account_frozen", "after": "4.1.x"}),
    ],
    ids=["no pairing", "another left", "for another", "empty", "nobody", "frozen before"],
)
def test_a_phone_that_left_without_its_own_signature_is_told(
    world: World, tmp_path: Path, change: Callable[[Row, list[Row]], object]
) -> None:
    pair = Pair(world)
    pair.retire()
    rows = rows_of(pair, tmp_path / "anna.jsonl")
    left = record(rows, "device_retired")
    place = int(left["after"].partition(".")[0])
    change(left, rows)
    for row in rows:
        if row.get("type") == "account_frozen":
            row["after"] = f"{place - 1}.1.x"
    assert found(rows) == ["log_unsigned_retirement"]


def test_a_phone_that_let_a_new_one_in_and_did_not_sign_that_it_leaves_has_not_left(
    world: World, tmp_path: Path
) -> None:
    """An export in which only the record of the leaving was added."""
    pair = Pair(world, retire=False)
    pair.log_in()
    rows = rows_of(pair, tmp_path / "anna.jsonl")
    about = {"device_id": pair.old.key.thumbprint, "detail": pair.new.key.thumbprint, "at": world.now}
    rows.append({"kind": "record", "type": "device_retired", "after": "99.1.x", **about})
    assert found(rows) == ["log_unsigned_retirement"]


@pytest.mark.parametrize(
    "change",
    [
        lambda back, _: back.update(at=back["at"] + 1),
        lambda _, rows: rows.remove(record(rows, "account_frozen")),
        lambda back, rows: record(rows, "device_retired").update(at=back["at"] - 86_400),
        lambda _, rows: record(rows, "device_retired").update(type="device_revoked"),
    ],
    ids=["another moment", "no freeze", "a day later", "removed"],
)
def test_a_phone_that_came_back_by_no_freeze_is_told(
    world: World, tmp_path: Path, change: Callable[[Row, list[Row]], object]
) -> None:
    pair = Pair(world)
    pair.retire()
    pair.freeze(pair.new)
    rows = rows_of(pair, tmp_path / "anna.jsonl")
    change(record(rows, "device_restored"), rows)
    assert found(rows) == ["log_unfounded_return"]


def test_a_return_whose_leaving_is_no_longer_kept_passes(world: World, tmp_path: Path) -> None:
    pair = Pair(world)
    pair.retire()
    pair.freeze(pair.new)
    rows = rows_of(pair, tmp_path / "anna.jsonl")
    rows.remove(record(rows, "device_retired"))
    assert found(rows) == []
