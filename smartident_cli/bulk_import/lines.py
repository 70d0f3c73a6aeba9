"""The lines of a text file of any size, whatever system wrote it: its encoding, its ends of lines, its mistakes."""

import codecs
from collections.abc import Iterator
from enum import StrEnum
from io import BufferedReader, IncrementalNewlineDecoder
from pathlib import Path
from typing import BinaryIO

from smartident_cli.invalid_field import InvalidField

MAX_LINE_LENGTH = 65_536
"""No honest line is longer; memory stays flat whatever the file holds."""
CHUNK = 16_384


class Encoding(StrEnum):
    """What an operator may say that a file is written in."""

    UTF_8 = "utf-8"
    UTF_16 = "utf-16"
    CP1252 = "cp1252"
    MAC_ROMAN = "mac-roman"


# The longest first: that of UTF-32 begins as that of UTF-16 does.
_BYTE_ORDER_MARKS = {
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_OTHER_FILES = {
    b"PK\x03\x04": "file_is_workbook",
    b"\xd0\xcf\x11\xe0": "file_is_workbook",
    b"\x1f\x8b": "file_is_packed",
    b"BZh": "file_is_packed",
    b"\xfd7zXZ": "file_is_packed",
    b"%PDF": "file_is_no_text",
}


class Lines:
    """A file's lines with their numbers, and how many bytes are read by now; None stands for an endless line.

    What the encoding does not know goes through as a surrogate or replacement character, so that its line can be told.
    """

    def __init__(self, file: BinaryIO, encoding: str) -> None:
        self.file = file
        # Of UTF-16 and UTF-32 Python passes nothing through.
        errors = "replace" if encoding.startswith(("utf-16", "utf-32")) else "surrogateescape"
        # Whichever end a system gives its lines, here it is a line feed.
        self.decoder = IncrementalNewlineDecoder(codecs.getincrementaldecoder(encoding)(errors), translate=True)
        self.read = 0
        self.number = 0

    def __iter__(self) -> Iterator[str | None]:
        for line in self._lines():
            self.number += 1
            # Where files were put one behind the other, a byte order mark stands before a line.
            yield line if line is None else line.lstrip("\N{BYTE ORDER MARK}")

    def _lines(self) -> Iterator[str | None]:
        rest, is_endless, is_over = "", False, False
        while not is_over:
            raw = self.file.read(CHUNK)
            self.read += len(raw)
            is_over = not raw
            *whole, rest = (rest + self.decoder.decode(raw, final=is_over)).split("\n")
            for line in whole:
                yield None if is_endless or len(line) > MAX_LINE_LENGTH else line
                is_endless = False
            if len(rest) > MAX_LINE_LENGTH:
                rest, is_endless = "", True
        if rest or is_endless:
            yield None if is_endless else rest


def encoding_of(file: BufferedReader, *, told: Encoding | None) -> str:
    """How a file is written, by what it begins with, unless the operator told; raises InvalidField for other files.

    Nothing of the file is used up.
    """
    start = file.peek()
    for mark, encoding in _BYTE_ORDER_MARKS.items():
        if start.startswith(mark):
            return encoding
    for magic, sentence in _OTHER_FILES.items():
        if start.startswith(magic):
            raise InvalidField("", sentence)
    if told and told is not Encoding.UTF_16:
        return told
    if b"\0" in start:
        return _utf_16(start)
    return "utf-16-le" if told else "utf-8"


def check_utf_8(path: Path) -> None:
    """Raise InvalidField if a file has many lines that are no UTF-8, and none that shows it to be UTF-8 otherwise."""
    broken = 0
    with path.open("rb") as file:
        for line in Lines(file, "utf-8"):
            if line is None or line.isascii():
                continue
            if not has_surrogates(line):
                return
            broken += 1
    if broken > 1:
        raise InvalidField("", "file_not_utf8")


def has_surrogates(text: str) -> bool:
    """Whether a text holds what is no character."""
    return any("\ud800" <= sign <= "\udfff" for sign in text)


def _utf_16(start: bytes) -> str:
    """Without a mark, plain letters of UTF-16 have their zero bytes all in odd or all in even places."""
    even, odd = start[::2].count(0), start[1::2].count(0)
    if even and odd:
        raise InvalidField("", "file_is_no_text")
    return "utf-16-le" if odd else "utf-16-be"
