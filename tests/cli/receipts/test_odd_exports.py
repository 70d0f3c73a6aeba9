"""`smartident receipts verify` ends in sentences whatever the file holds, and never takes an odd one for proof."""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner, Result

from smartident_cli.main import app
from smartident_cli.receipts.places import OF_THE_ACCOUNT
from tests.cli.receipts.test_audit_log_check import lived
from tests.support.world import World

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.support.fake_aws import Aws

Row = dict[str, Any]
ODD: list[Any] = [None, 0, -1, 10**30, "", "x", "\ud800", "9" * 5000, True, [], {}, {"a": 1}, float("inf"), 1.5]
# What the verifier reads of a row; the rest is told to the person and proves nothing.
READ = {
    "login": {"state", "statement", "receipt", "decided_by", "created_at", "decided_at", "completed_at", "pk", "sk"},
    "record": {"type", "at", "after", "pk", "sk"},
    "device": {"device_key", "approval_key", "registered_at", "state", "sk"},
    "account": {"audit_log_head"},
}


def verify(file: Path) -> Result:
    return CliRunner().invoke(app, ["receipts", "verify", str(file)])


@pytest.fixture(scope="module")
def rows(cloud: Aws, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Row]]:
    """The export of a life with every kind of entry."""
    patch = pytest.MonkeyPatch()
    world = World(patch, cloud)
    world.provision()
    text = lived(world, tmp_path_factory.mktemp("life") / "anna.jsonl").read_text()
    yield [json.loads(line) for line in text.splitlines()]
    patch.undo()


def spoiled(rows: list[Row], place: int, name: str, value: Any) -> bytes:
    changed = [{**row, name: value} if number == place else row for number, row in enumerate(rows)]
    return "".join(json.dumps(row) + "\n" for row in changed).encode()


def test_an_odd_value_anywhere_is_told_in_sentences(rows: list[Row], tmp_path: Path) -> None:
    dice, file = random.Random(7), tmp_path / "odd.jsonl"  # noqa: S311  which values, not which secrets
    places = [(place, name) for place, row in enumerate(rows) for name in row]
    for place, name in dice.sample(places, 60):
        value = dice.choice(ODD)
        file.write_bytes(spoiled(rows, place, name, value))
        told = verify(file)
        assert isinstance(told.exception, SystemExit | None), (place, name, value, told.exception)
        if name in READ.get(str(rows[place].get("kind")), set()):
            assert told.exit_code == 1, (place, name, value)


@pytest.mark.parametrize(
    "content",
    [
        b"", b"\n", b"{}", b"[]", b"null\n", b"\xff\xfe\x00", b"PK\x03\x04", b"{" * 50_000, b"[" * 100_000 + b"\n",
        b'{"format":"smartident-export:v1"}\n', b'{"format":"smartident-export:v1"}\n{"end":0}\n',
        b'{"format":"smartident-export:v1","end":-1}\n', b'{"a":' + b"9" * 6000 + b"}\n", b"1e999999\n", b"NaN\n",
    ],
    ids=range(15),
)  # fmt: skip
def test_what_is_no_export_is_one_sentence(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "junk"
    file.write_bytes(content)
    told = verify(file)
    assert told.exit_code == 1
    assert "keine vollständige Auskunft" in told.stderr


def test_nothing_stands_behind_the_end_or_twice(rows: list[Row], tmp_path: Path) -> None:
    file, whole = tmp_path / "padded.jsonl", "".join(json.dumps(row) + "\n" for row in rows)
    file.write_text(whole)
    assert verify(file).exit_code == 0
    twice = whole.replace('"kind": "device"', '"kind": "device", "kind": "device"', 1)
    for padded in (whole + "{}\n", whole + "\n", whole.replace('{"end"', '{"more": 1, "end"'), twice):
        file.write_text(padded)
        assert "keine vollständige Auskunft" in verify(file).stderr


def told_of(rows: list[Row], file: Path) -> Result:
    """What is said of these rows, which their end counts."""
    file.write_text("".join(json.dumps(row) + "\n" for row in [*rows[:-1], {"end": len(rows) - 2}]))
    told = verify(file)
    assert isinstance(told.exception, SystemExit | None), told.exception
    return told


PADDED: list[Row] = [
    {"kind": "notice", "sk": "NOTICE#1"},
    {"kind": "session"},
    {"kind": "email", "pk": "EMAIL#boss@example.org", "sk": "somebody"},
    {"kind": "external_id", "pk": "EXTERNAL#shop", "sk": "K-1", "account_id": "somebody"},
    {"kind": "number", "pk": "NUMBER#1", "sk": "LOOKUP"},
    {"kind": "counter", "pk": "LIMIT#sms-account#somebody", "sk": "1"},
    # As many digits as Python reads, and one more than it writes once the entry is counted.
    {"kind": "record", "sk": "RECORD#1", "type": "renamed", "at": 1, "ttl": 1, "after": "9" * 4300 + ".0.x"},
]


@pytest.mark.parametrize("row", PADDED, ids=lambda row: row["kind"])
def test_what_is_put_in_beside_the_account_is_named(rows: list[Row], tmp_path: Path, row: Row) -> None:
    here = {"pk": rows[0]["account_id"]} if row["kind"] == "record" else {}
    assert told_of([*rows[:-1], {**here, **row}, rows[-1]], tmp_path / "padded.jsonl").exit_code == 1


def test_a_second_phone_of_the_same_id_is_named_before_the_first_and_behind_it(rows: list[Row], tmp_path: Path) -> None:
    """Its key has no name of its kind, so that it is not the same item twice."""
    place = next(place for place, row in enumerate(rows) if row.get("kind") == "device")
    copy = {**rows[place], "sk": rows[place]["sk"].removeprefix("DEVICE#"), "device_key": "{}"}
    for at in (place, place + 1):
        assert told_of([*rows[:at], copy, *rows[at:]], tmp_path / "padded.jsonl").exit_code == 1


def test_an_item_under_the_key_of_another_kind_is_named(rows: list[Row], tmp_path: Path) -> None:
    for place, row in enumerate(rows[1:-1], 1):
        if row["kind"] in OF_THE_ACCOUNT:
            moved = {**row, "sk": "X#" + row["sk"].partition("#")[2]}
            told = told_of([*rows[:place], moved, *rows[place + 1 :]], tmp_path / "moved.jsonl")
            assert told.exit_code == 1, row["sk"]


@pytest.mark.parametrize("spelled", ["0{}", " {}", "+{}", "{}\n"])
@pytest.mark.parametrize(("kind", "name"), [("account", "audit_log_head"), ("record", "after")])
def test_where_the_log_stood_is_spelled_in_one_way(
    rows: list[Row], tmp_path: Path, kind: str, name: str, spelled: str
) -> None:
    place = next(place for place, row in enumerate(rows) if row.get("kind") == kind)
    moved = {**rows[place], name: spelled.format(rows[place][name])}
    assert told_of([*rows[:place], moved, *rows[place + 1 :]], tmp_path / "spelled.jsonl").exit_code == 1


def test_how_many_phones_the_account_counts_is_how_many_there_are(rows: list[Row], tmp_path: Path) -> None:
    place = next(place for place, row in enumerate(rows) if row.get("kind") == "account")
    counted = {**rows[place], "active_devices": rows[place]["active_devices"] + 1}
    told = told_of([*rows[:place], counted, *rows[place + 1 :]], tmp_path / "counted.jsonl")
    assert (told.exit_code, "der Zugang zählt anders" in told.stderr) == (1, True)


def test_a_state_that_no_login_has_is_named(rows: list[Row], tmp_path: Path) -> None:
    """Even of the last one, whose outcome no later login names."""
    place = next(place for place, row in enumerate(rows) if row.get("kind") == "login")
    dropped = {"completed_at", "decided_at", "decided_by", "receipt", "reason", "denial_evidence"}
    odd = {name: value for name, value in rows[place].items() if name not in dropped} | {"state": "asleep"}
    told = told_of([*rows[:place], odd, *rows[place + 1 :]], tmp_path / "odd.jsonl")
    assert told.exit_code == 1
    assert odd["sk"].removeprefix("LOGIN#") in told.stderr


def test_no_line_is_longer_than_an_item_can_be(
    rows: list[Row], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So a file of one endless line takes no more memory than an honest one."""
    file, whole = tmp_path / "long.jsonl", "".join(json.dumps(row) + "\n" for row in rows)
    monkeypatch.setattr("smartident_cli.export_file.MAX_LINE", max(map(len, whole.splitlines(keepends=True))))
    file.write_text(whole)
    assert verify(file).exit_code == 0
    file.write_text(whole.replace("{", "{ ", 2).replace("\n", " " * 10_000 + "\n", 2))
    assert "keine vollständige Auskunft" in verify(file).stderr
