"""`smartident account import`: thousands of people move in, and none of them notices."""

from __future__ import annotations

import csv
import json
import signal
import threading
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from smartident.accounts.account import (
    read_account,
)
from smartident.accounts.external_ids import find_external_id
from smartident.accounts.names import (
    find_accounts,
)
from smartident.admin.change import change_external_id
from smartident_cli.bulk_import.job import BATCH, THREADS, JobStopped, Sitting, import_records
from smartident_cli.bulk_import.note import ImportJob, JobRunning, open_job
from smartident_cli.bulk_import.reader import Record, records
from smartident_cli.invalid_field import InvalidField
from smartident_cli.service_clock import ServiceClock
from tests.cli.operator import Operator
from tests.passwords.test_legacy_formats import HASHES
from tests.support.tax_app import add_tax_app
from tests.support.world import PASSWORD, World

HASH = HASHES["bcrypt 2b"]
HEAD = "access_number,display_name,email,phone,two_factor,password,password_hash\n"


def write(file: Path, *lines: str, head: str = HEAD) -> Path:
    file.write_text(head + "".join(line + "\n" for line in lines), encoding="utf-8")
    return file


def person(number: int, **members: Any) -> str:
    plain = {"access_number": str(number), "display_name": f"Person {number}", "password_hash": HASH}
    return json.dumps({**plain, **members})


def mapped(mapping: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(mapping.read_text(encoding="utf-8").splitlines()))


def imported(number: int) -> bool:
    return find_accounts(str(number)) != []


def test_a_client_knows_the_imported_by_its_own_names_and_a_file_says_who_is_who(
    operator: Operator, world: World, tmp_path: Path
) -> None:
    add_tax_app(world)
    others = world.account()
    change_external_id(others.id, "taxapp", "K-3", now=world.now)
    lines = (person(number, external_id=f"K-{number % 10}" if number % 10 else None) for number in (1, 2, 3, 10))
    file = write(tmp_path / "people.jsonl", *lines, head="")
    told = operator("account", "import", str(file), "--client", "taxapp")
    assert told.exit_code == 1
    assert "Zeile 3: external_id: so heißt bei diesem Client schon ein anderer Zugang" in told.stderr
    mapping = tmp_path / "people.jsonl.mapping.csv"
    rows = mapped(mapping)
    assert [(row["access_number"], row["external_id"]) for row in rows] == [
        ("1", "K-1"),
        ("2", "K-2"),
        ("3", ""),
        ("10", ""),
    ]
    assert [row["account_id"] for row in rows] == [find_accounts(row["access_number"])[0] for row in rows]
    assert [find_external_id("taxapp", f"K-{number}") for number in (1, 2, 3)] == [
        rows[0]["account_id"],
        rows[1]["account_id"],
        others.id,
    ]
    assert mapping.stat().st_mode & 0o077 == 0


def test_a_run_that_begins_again_names_and_maps_what_the_first_did_not_come_to(
    operator: Operator, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_tax_app(world)
    file = write(tmp_path / "people.jsonl", person(1, external_id="K-1"), person(2, external_id="K-2"), head="")
    asked = ("account", "import", str(file), "--client", "taxapp", "--mapping", str(tmp_path / "map"))
    with monkeypatch.context() as broken:
        broken.setattr("smartident_cli.bulk_import.naming.change_external_id", raiser)
        assert operator(*asked).exit_code == 130
    assert imported(1)
    assert operator(*asked).exit_code == 0
    rows = mapped(tmp_path / "map")
    assert [row["external_id"] for row in rows] == ["K-1", "K-2"]
    assert find_external_id("taxapp", "K-2") == find_accounts("2")[0]


def raiser(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


def test_a_name_that_nobody_claims_stops_its_line(operator: Operator, world: World, tmp_path: Path) -> None:
    file = write(tmp_path / "people.jsonl", person(1, external_id="K-1"), person(2), head="")
    told = operator("account", "import", str(file), "--check")
    assert "bitte mit --client nennen" in told.stderr
    assert operator("account", "import", str(file)).exit_code == 1
    assert (imported(1), imported(2)) == (False, True)
    assert "client" in operator("account", "import", str(file), "--client", "nobody").stderr
    assert list(tmp_path.glob("*.mapping.csv")) == []


def test_people_move_in_with_their_passwords(operator: Operator, world: World, tmp_path: Path) -> None:
    file = write(
        tmp_path / "people.csv",
        f'700 001,"Berger, Anna",Anna@Example.test,0170 1234711,nein,,{HASH}',
        f"700002,Jonas Weiß,,,no,{PASSWORD},",
    )
    told = operator("account", "import", str(file))
    assert told.exit_code == 0, told.output + told.stderr
    assert "Importiert: 2 neu, 0 schon da, schlechte Zeilen: 0." in told.output
    for number in ("700001", "700002"):
        account = read_account(find_accounts(number)[0])
        assert account
        assert world.start(account).login.state == "approved"
    assert find_accounts("anna@example.test")
    assert list(tmp_path.iterdir()) == [file]


def test_importing_twice_is_importing_once(operator: Operator, world: World, tmp_path: Path) -> None:
    file = write(tmp_path / "people.jsonl", person(1), person(2, email="b@example.test"), head="")
    operator("account", "import", str(file))
    told = operator("account", "import", str(file))
    assert told.exit_code == 0
    assert "0 neu, 2 schon da" in told.output


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("700009,A,,,,", "mehr oder weniger Felder"),
        (f"700009,A,,,,{PASSWORD},{HASH}", "entweder password oder password_hash"),
        ("700009,A,,,,,", "entweder password oder password_hash"),
        (f",A,,,,,{HASH}", "keine Zugangsnummer"),
        (f"700009,,,,,,{HASH}", "kein Name"),
        (f"700009,A,a@b@c,,,,{HASH}", "keine E-Mail-Adresse"),
        (f"700009,A,,12,,,{HASH}", "keine gültige Telefonnummer"),
        (f"700009,A,,kein Telefon,,,{HASH}", "keine gültige Telefonnummer"),
        (f"700009,A,,,vielleicht,,{HASH}", "weder ja noch nein"),
        ("700009,A,,,,,5f4dcc3b5aa765d61d8327deb882cf99", "kein bekannter Passwort-Hash"),
        ("700009,A,,,,,$2b$31$" + "a" * 53, "zu teuer"),
        ('700009,"A,,,,,' + HASH, "kein CSV"),
        ("700009,A\udcff,,,,," + HASH, "kein UTF-8"),
        ("700009," + "A" * 70_000 + f",,,,,{HASH}", "viel zu lang"),
    ],
    ids=[
        "too few fields", "password and hash", "neither", "no number", "no name", "e-mail", "phone", "no phone",
        "two-factor", "MD5", "costly hash", "open quote", "Latin-1", "endless line",
    ],
)  # fmt: skip
def test_a_bad_line_is_told_by_its_number_and_the_others_go_on(
    operator: Operator, world: World, tmp_path: Path, line: str, said: str
) -> None:
    file = tmp_path / "people.csv"
    good = [f"{number},Gut,,,,,{HASH}" for number in (700001, 700002)]
    file.write_bytes((HEAD + "\n".join([good[0], line, "", good[1]])).encode(errors="surrogateescape"))
    told = operator("account", "import", str(file))
    assert told.exit_code == 1
    assert "Zeile 3:" in told.stderr
    assert said in told.stderr
    assert "2 neu, 0 schon da, schlechte Zeilen: 1" in told.output
    assert (imported(700001), imported(700002), imported(700009)) == (True, True, False)
    assert HASH not in told.output + told.stderr
    assert PASSWORD not in told.output + told.stderr


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "kein JSON-Objekt"),
        ("[1]", "kein JSON-Objekt"),
        ("[" * 9000, "kein JSON-Objekt"),
        (person(3, pin="1234"), "pin: dieses Feld gibt es nicht"),
        (person(3, display_name=["A"]), "display_name: kein Text"),
        (person(3, email="a" * 300 + "@example.test"), "keine E-Mail"),
    ],
    ids=["half", "a list", "deep", "unknown field", "wrong type", "endless e-mail"],
)
def test_a_bad_json_line_is_told_by_its_number(operator: Operator, tmp_path: Path, line: str, said: str) -> None:
    file = write(tmp_path / "people.jsonl", person(1), line, person(2), head="\ufeff")
    told = operator("account", "import", str(file))
    assert told.exit_code == 1
    assert f"Zeile 2: {said}" in told.stderr or said in told.stderr
    assert "2 neu" in told.output


@pytest.mark.parametrize(
    "head",
    ["", "display_name\n", "access_number,access_number\n", "access_number,colour\n"],
    ids=["empty", "no number", "doubled", "unknown"],
)
def test_a_file_of_another_kind_is_not_begun(operator: Operator, tmp_path: Path, head: str) -> None:
    told = operator("account", "import", str(write(tmp_path / "people.csv", head=head)))
    assert told.exit_code == 1
    assert "Kopfzeile" in told.stderr


def test_excel_writes_semicolons(operator: Operator, tmp_path: Path) -> None:
    file = write(tmp_path / "people.csv", f"1;Ä;{HASH}", head="\ufeffAccess_Number; Display_Name;password_hash\n")
    assert operator("account", "import", str(file)).exit_code == 0
    assert imported(1)


def test_checking_writes_nothing(operator: Operator, world: World, tmp_path: Path) -> None:
    file = write(tmp_path / "people.jsonl", person(1), "{", head="")
    told = operator("account", "import", "--check", str(file))
    assert told.exit_code == 1
    assert "schlechte Zeilen: 1" in told.output
    assert not imported(1)
    assert list(tmp_path.iterdir()) == [file]


def test_an_import_that_aws_breaks_goes_on_where_it_was(operator: Operator, world: World, tmp_path: Path) -> None:
    people = 12 * BATCH
    file = write(
        tmp_path / "people.jsonl", *(person(number, email=f"p{number}@b.de") for number in range(people)), head=""
    )
    with open_job(file, tmp_path / "people.jsonl.import") as (job, save):
        job.done = 11 * BATCH
        save()
        note = (tmp_path / "people.jsonl.import").read_text()
    (tmp_path / "people.jsonl.import").write_text(note)
    told = operator("account", "import", str(file))
    assert f"Weiter nach Zeile {11 * BATCH}." in told.stderr
    assert f"{BATCH} neu" in told.output
    assert not imported(0)
    assert imported(people - 1)


def test_a_file_that_has_changed_is_read_from_its_start(tmp_path: Path) -> None:
    file, note = write(tmp_path / "people.jsonl", person(1), head=""), tmp_path / "note"
    note.write_text(json.dumps({"id": "old", "size": 1, "changed": 2, "done": 3}))
    with open_job(file, note) as (job, _):
        assert isinstance(job, ImportJob)
        assert job.done == 0
        assert job.id != "old"
    note.write_text('{"id": "ol')
    with open_job(file, note) as (job, _):
        assert job.done == 0
    assert not note.exists()


def test_a_file_is_imported_by_one_at_a_time(operator: Operator, tmp_path: Path) -> None:
    file = write(tmp_path / "people.jsonl", person(1), head="")
    note = tmp_path / "people.jsonl.import"
    with open_job(file, note) as (job, save):
        told = operator("account", "import", str(file))
        assert told.exit_code == 1
        assert "läuft schon" in told.stderr
        with pytest.raises(JobRunning), open_job(file, note):
            pass
        save()
        assert json.loads(note.read_text())["id"] == job.id


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Ctrl-C interrupts, as at a terminal; a process in the background begins deaf to it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
def test_ctrl_c_is_heard_at_once_and_the_same_command_goes_on(
    operator: Operator, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("smartident_cli.bulk_import.job.BATCH", 3)
    plain = {"display_name": "A", "password": PASSWORD}
    people = [json.dumps({"access_number": str(number), **plain}) for number in range(300)]
    file = write(tmp_path / "people.jsonl", *people, head="")
    # As the terminal does: to the main thread, which waits for the others.
    main = threading.main_thread().ident or 0
    world.aws.before("TransactWriteItems", lambda: signal.pthread_kill(main, signal.SIGINT))
    told = operator("account", "import", str(file))
    assert told.exit_code == 130
    assert told.stderr.count("Der Import hält an") == 1
    # What is being written gets written; what waits for a thread is not waited for.
    assert world.aws.operations().count("TransactWriteItems") <= 3 * THREADS
    assert (tmp_path / "people.jsonl.import").exists()
    assert operator("account", "import", str(file)).exit_code == 0
    assert imported(0)
    assert imported(89)


def test_a_batch_that_was_stopped_hashes_nothing_more(world: World, tmp_path: Path) -> None:
    file = write(tmp_path / "people.jsonl", person(1), person(2), head="")
    with open_job(file, tmp_path / "note") as (job, save):
        sitting = Sitting(job, save, ServiceClock(), lambda *_: None, lambda _: None, lambda: None)
        sitting.stopped.set()
        with pytest.raises(JobStopped):
            list(import_records(records(file, region="DE"), sitting))
    assert not imported(1)


def test_a_file_that_is_no_note_is_never_written_over(operator: Operator, tmp_path: Path) -> None:
    file = write(tmp_path / "people.jsonl", person(1), head="")
    other = tmp_path / "letter.bin"
    other.write_bytes(b"\xffDear Anna")
    for note in (file, other):
        told = operator("account", "import", str(file), "--note", str(note))
        assert told.exit_code == 1
        assert "ist keine Notiz" in told.stderr
    assert other.read_bytes() == b"\xffDear Anna"
    assert file.read_text() == person(1) + "\n"


def test_a_country_that_is_none_is_told_once(operator: Operator, tmp_path: Path) -> None:
    file = write(tmp_path / "people.jsonl", person(1), person(2), head="")
    told = operator("account", "import", str(file), "--region", "Deutschland")
    assert told.exit_code == 1
    assert told.stderr.count("kein Land") == 1


def test_a_number_twice_is_told_without_writing_too(operator: Operator, tmp_path: Path) -> None:
    file = write(tmp_path / "people.jsonl", person(1, display_name="Anna"), person(1, display_name="Berta"), head="")
    for words in (("--check",), ()):
        told = operator("account", "import", str(file), *words)
        assert told.exit_code == 1
        assert "Zeile 2: access_number: steht schon in Zeile 1" in told.stderr


def test_who_shares_an_e_mail_is_told_by_line(operator: Operator, tmp_path: Path) -> None:
    lines = [person(number, email="b@example.test") for number in range(1, 7)]
    file = write(tmp_path / "people.jsonl", *lines, person(7, email="c@example.test"), head="")
    told = operator("account", "import", str(file), "--json")
    assert told.exit_code == 0
    assert json.loads(told.stdout)["lines_by_number_only"] == [1, 2, 3, 4, 5, 6]
    assert "Zeile 6: dieser Zugang geht nur mit seiner Zugangsnummer" in told.stderr
    assert "Zeile 7" not in told.stderr


def test_a_file_in_another_encoding_is_one_sentence_with_the_way_out(operator: Operator, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    rows = [f"{number},Jörg,,,,,{HASH}\n" for number in range(300)]
    file.write_bytes((HEAD + "".join(rows)).encode("cp1252"))
    told = operator("account", "import", str(file))
    assert told.exit_code == 1
    assert told.stderr.strip().count("\n") == 0
    assert "--encoding cp1252" in told.stderr
    assert operator("account", "import", str(file), "--check", "--encoding", "cp1252").exit_code == 0


def test_memory_stays_flat_however_long_the_file(tmp_path: Path) -> None:
    def peak(lines: int) -> int:
        file = write(tmp_path / f"{lines}.csv", *(f"{number},Person,,,,,{HASH}" for number in range(lines)))
        tracemalloc.start()
        assert sum(
            isinstance(one, Record) and not isinstance(one.content, InvalidField) for one in records(file, region="DE")
        )
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(10)
    assert peak(4000) < peak(1000) + 50_000
