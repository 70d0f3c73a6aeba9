"""The reader takes what spreadsheets and databases of any system write, or says in one sentence why not."""

from __future__ import annotations

import codecs
import json
import os
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest

from smartident_cli.bulk_import.lines import Encoding
from smartident_cli.bulk_import.reader import records
from smartident_cli.invalid_field import InvalidField
from smartident_cli.validation import ValidAccount
from tests.passwords.test_legacy_formats import HASHES

if TYPE_CHECKING:
    from pathlib import Path

HASH = HASHES["bcrypt 2b"]
TABLE = f"access_number;display_name;password_hash\n1;Jörg Müller;{HASH}\n2;Anna;{HASH}\n"


def read(path: Path, content: bytes | str, **how: Any) -> list[tuple[int, ValidAccount | InvalidField]]:
    file = path / "people"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return [(record.line, record.content) for record in records(file, **{"region": "DE", **how})]


def names(found: list[tuple[int, ValidAccount | InvalidField]]) -> list[str]:
    return [one.display_name if isinstance(one, ValidAccount) else one.sentence for _, one in found]


@pytest.mark.parametrize(
    "content",
    [
        TABLE.encode(),
        codecs.BOM_UTF8 + TABLE.encode(),
        codecs.BOM_UTF16_LE + TABLE.replace(";", "\t").replace("\n", "\r\n").encode("utf-16-le"),
        codecs.BOM_UTF16_BE + TABLE.encode("utf-16-be"),
        TABLE.encode("utf-16-le"),
        TABLE.encode("utf-16-be"),
        TABLE.encode("utf-32"),
        TABLE.replace("\n", "\r").encode(),
        TABLE.replace("\n", "\r\n").encode(),
        b"\n\r\n" + TABLE.encode(),
        TABLE.rstrip("\n").encode(),
        ("sep=;\r\n" + TABLE).encode(),
        ('"sep=;"\n' + TABLE).encode(),
        ("SEP=\t\n" + TABLE.replace(";", "\t")).encode(),
        TABLE.replace("\n", ";;;\n").encode(),
        TABLE.replace(";", ";;").encode(),
        TABLE.replace(f"2;Anna;{HASH}", f"2;Anna;{HASH};;;").encode(),
        (TABLE + ";;\n ; ; \n\n").encode(),
        codecs.BOM_UTF8 * 2 + TABLE.encode(),
        TABLE.replace("\n2;", "\n\ufeff2;").encode(),
        ("sep=;\n\ufeff" + TABLE.replace("display_name", "\u200bDisplay_Name\u00a0")).encode(),
        codecs.BOM_UTF16_LE + ("\ufeff" + TABLE).encode("utf-16-le"),
    ],
    ids=[
        "UTF-8", "with a mark", "Excel's Unicode text", "big-endian", "UTF-16 without a mark", "the other way round",
        "UTF-32", "old Mac", "Windows", "blank lines first", "no last line end", "sep", "quoted sep", "sep tab",
        "empty columns at the end", "empty columns between", "a longer row", "empty rows", "two marks",
        "two files in one", "marks in the head line", "two marks of UTF-16",
    ],
)  # fmt: skip
def test_a_file_is_read_whoever_wrote_it(tmp_path: Path, content: bytes) -> None:
    assert names(read(tmp_path, content)) == ["Jörg Müller", "Anna"]


@pytest.mark.parametrize("encoding", [Encoding.CP1252, Encoding.MAC_ROMAN])
def test_the_operator_may_say_how_it_is_written(tmp_path: Path, encoding: Encoding) -> None:
    assert names(read(tmp_path, TABLE.encode(encoding), encoding=encoding)) == ["Jörg Müller", "Anna"]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_is_read_as_told_with_a_mark_and_without(tmp_path: Path, encoding: str) -> None:
    found = read(tmp_path, TABLE.encode(encoding), encoding=Encoding.UTF_16)
    assert names(found) == ["Jörg Müller", "Anna"]


@pytest.mark.parametrize("told", Encoding)
@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16-le", "utf-32-be", "cp037"])
def test_a_file_that_is_told_wrong_ends_in_no_traceback(tmp_path: Path, told: Encoding, encoding: str) -> None:
    for content in (TABLE.encode(encoding), TABLE.encode(encoding)[1:], b"\xff\xfe\xff" + TABLE.encode(encoding)):
        with suppress(InvalidField):
            assert all(
                isinstance(one, ValidAccount | InvalidField) for _, one in read(tmp_path, content, encoding=told)
            )


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (TABLE.replace("Anna", "Änne").encode("cp1252"), "file_not_utf8"),
        (b"PK\x03\x04\x14\x00\x06\x00", "file_is_workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "file_is_workbook"),
        (b"\x1f\x8b\x08\x00", "file_is_packed"),
        (b"%PDF-1.7\n", "file_is_no_text"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR", "file_is_no_text"),
        (b'[{"access_number": "1"}]', "file_is_json_list"),
        (b"[\n", "file_is_json_list"),
        (b"", "head_unfit"),
        (b"\n\n", "head_unfit"),
        (b"sep=;\n", "head_unfit"),
        (b";;;\n", "head_unfit"),
        (b"a" * 70_000, "head_unfit"),
        (b'"access_number\n1\n', "head_unfit"),
        (b"Zugangsnummer;Name\n", "head_unfit"),
        (b"access_number;email;E-Mail\n", "head_unfit"),
        (b"access_number;email;EMAIL\n", "head_unfit"),
        ("access_number;phone;\ufeffphone\n".encode(), "head_unfit"),
    ],
    ids=[
        "CP1252", "workbook", "old workbook", "gzip", "PDF", "picture", "JSON list", "JSON list over lines", "empty",
        "blank", "only sep", "nameless", "endless", "open quote", "German head",
        "a name unknown", "a name twice", "a name twice, once marked",
    ],
)  # fmt: skip
def test_another_file_is_told_in_one_sentence(tmp_path: Path, content: bytes, sentence: str) -> None:
    with pytest.raises(InvalidField) as told:
        read(tmp_path, content)
    assert told.value.sentence == sentence
    assert told.value.field == ""


def test_one_line_in_another_encoding_is_one_bad_line(tmp_path: Path) -> None:
    content = TABLE.encode().replace("Jörg".encode(), b"J\xf6rg")
    assert names(read(tmp_path, content)) == ["not_utf8", "Anna"]
    mixed = TABLE.encode() + "3;Änne;x\n4;Özil;x\n".encode("cp1252")
    assert names(read(tmp_path, mixed)) == ["Jörg Müller", "Anna", "not_utf8", "not_utf8"]


def test_half_a_character_of_utf_16_is_told(tmp_path: Path) -> None:
    content = codecs.BOM_UTF16_LE + TABLE.replace("Anna", "An\ud800na").encode("utf-16-le", errors="surrogatepass")
    assert names(read(tmp_path, content)) == ["Jörg Müller", "lost_character"]


def one(number: str, name: str) -> str:
    return json.dumps({"access_number": number, "display_name": name, "password_hash": HASH}) + "\n"


def test_a_number_that_stands_twice_is_told_with_the_line_that_has_it(tmp_path: Path) -> None:
    found = read(tmp_path, one("100 200 301", "Anna") + one("7", "Jonas") + one("100200301", "Berta"))
    assert names(found) == ["Anna", "Jonas", "number_twice"]
    last = found[-1][1]
    assert isinstance(last, InvalidField)
    assert (last.field, last.values) == ("access_number", {"first": 1})


def test_a_number_stands_twice_also_where_a_broken_import_goes_on(tmp_path: Path) -> None:
    content = one("1", "Anna") + one("2", "Jonas") + one("1", "Berta")
    assert names(read(tmp_path, content, after=2)) == ["number_twice"]


def test_json_lines_put_one_behind_the_other_are_read(tmp_path: Path) -> None:
    content = "\ufeff" + one("1", "Anna") + "\ufeff" + one("2", "Jonas")
    assert names(read(tmp_path, "\ufeff" + content)) == ["Anna", "Jonas"]


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (r'{"access_number": "1", "display_name": "A", "password": "x\ud800"}', "half_character"),
        (r'{"access_number": "1\udc00", "display_name": "A", "password": "x"}', "half_character"),
        (r'{"\ud800": 1}', "field_unknown"),
        ('{"access_number": "1", "access_number": "2"}', "field_twice"),
        ('{"access_number": "1", "display_name": {"a": 1, "a": 2}}', "not_text"),
        ('{"access_number": NaN, "display_name": "A", "password": "x"}', "not_text"),
        ('{"access_number": 1e400, "display_name": "A", "password": "x"}', "not_text"),
        ('{"access_number": ' + "9" * 5000 + "}", "not_json"),
        ("{" * 5000, "not_json"),
        ('{"access_number": ' + "[" * 5000, "not_json"),
        ("null", "not_json"),
        ('"x"', "not_json"),
        ('{"x": "' + "x" * 70_000 + '"}', "line_endless"),
        ("1;Anna", "not_json"),
    ],
)
def test_a_bad_line_never_ends_the_reading(tmp_path: Path, line: str, sentence: str) -> None:
    assert names(read(tmp_path, one("8", "Anna") + line + "\n" + one("9", "Jonas"))) == ["Anna", sentence, "Jonas"]


@pytest.mark.parametrize("size", [16_383, 16_384, 16_385, 32_768])
def test_the_end_of_a_line_may_lie_where_two_pieces_meet(tmp_path: Path, size: int) -> None:
    head = "access_number;display_name;password_hash\r\n"
    padding = f"1;{'A' * 200};{HASH}\r\n"
    filler = padding * ((size - len(head)) // len(padding) - 1)
    rest = size - len(head) - len(filler)
    row = f"x{'1' * 40};{'B' * (rest - len(HASH) - 45)};{HASH}\r\n"
    found = read(tmp_path, head + filler + row + f"2;Anna;{HASH}\r\n")
    assert [line for line, _ in found] == list(range(2, len(found) + 2))
    assert names(found)[-1] == "Anna"


def test_a_pipe_is_read_as_a_file_is(tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    writer = threading.Thread(target=lambda: fifo.write_bytes(TABLE.encode()))
    writer.start()
    found = [(record.line, record.content) for record in records(fifo, region="DE")]
    writer.join()
    assert names(found) == ["Jörg Müller", "Anna"]
