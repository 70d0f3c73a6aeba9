"""`smartident receipts verify` ends in sentences whatever the file holds, and never takes an odd one for proof."""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner, Result

from smartident_cli.main import app
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
