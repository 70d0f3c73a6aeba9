"""The terminal: sentences in the person's language, prompts, and secrets that nobody sees typed."""

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import typer
from rich.console import Console
from rich.markup import escape
from rich.prompt import Confirm, Prompt
from rich.table import Column, Table
from rich.text import Text as Line

from smartident_cli.catalogue import CATALOGUE
from smartident_client.keystore import KeyStoreRefused
from smartident_client.wire import Language, NotAsPromised, Refused, Unreachable

UNCUT = 100_000
"""Columns of a pipe: it has none, so nothing in it is cut or wrapped."""


class Terminal:
    """Says the sentences of the catalogue in one language; or nothing of them, and then answers in JSON."""

    def __init__(self, language: Language, *, as_json: bool = False) -> None:
        self.language = language
        self.as_json = as_json
        width = None if sys.stdout.isatty() else UNCUT
        self.console = Console(highlight=False, quiet=as_json, width=width)
        self.questions = Console(highlight=False, stderr=as_json)

    def answer(self, **members: object) -> None:
        """Print the one JSON document that a program waits for; to a person nothing."""
        if self.as_json:
            print(json.dumps(members, indent=2))

    def text(self, sentence: str, **values: object) -> str:
        """Give a sentence with its values, safe to show."""
        pattern = CATALOGUE[sentence].de if self.language == "de" else CATALOGUE[sentence].en
        return pattern.format(**{name: printable(str(value)) for name, value in values.items()})

    def event(self, kind: object) -> str:
        """Give the words for a kind of event; a later version's own name where there are none yet."""
        return self._words(f"event_{kind}", kind)

    def reason(self, why: object) -> str:
        """Give the words for the reason of an event."""
        return self._words(f"reason_{why}", why)

    def _words(self, sentence: str, name: object) -> str:
        return self.text(sentence) if sentence in CATALOGUE else printable("" if name is None else str(name))

    def say(self, sentence: str, **values: object) -> None:
        """Print a sentence."""
        self.console.print(self.text(sentence, **values), markup=False, soft_wrap=True)

    def head(self, number: int, sentence: str) -> None:
        """Print a numbered heading."""
        self.console.print(f"\n{number}  {self.text(sentence)}", style="bold", markup=False)

    def complain(self, sentence: str, **values: object) -> None:
        """Print a sentence to standard error."""
        print(self.text(sentence, **values), file=sys.stderr)

    def give_up(self, sentence: str, **values: object) -> NoReturn:
        """Say why, and end with exit code 1."""
        self.complain(sentence, **values)
        raise typer.Exit(1)

    def ask(self, sentence: str, **values: object) -> str:
        """Ask for a line."""
        asked = self._asked(sentence, **values)
        try:
            return Prompt.ask(asked, console=self.questions, default="", show_default=False).strip()
        except EOFError:
            self.give_up("no_answer", asked=self.text(sentence, **values))

    def ask_secret(self, sentence: str) -> str:
        """Ask for a line that is not shown; from a pipe it is read as it comes, in UTF-8."""
        try:
            secret = self._read_secret(sentence)
            secret.encode()
        except UnicodeError:
            self.give_up("invalid_field", field=self.text(sentence), what=self.text("not_utf8"))
        except EOFError:
            self.give_up("no_answer", asked=self.text(sentence))
        return secret

    def _read_secret(self, sentence: str) -> str:
        if self.is_typed:
            return Prompt.ask(self._asked(sentence), console=self.questions, password=True)
        line = sys.stdin.readline()
        if not line:
            raise EOFError
        # What Windows puts before and behind a line is no part of a secret.
        return line.lstrip("\N{BYTE ORDER MARK}").rstrip("\r\n")

    @property
    def is_typed(self) -> bool:
        """Whether a person types, so that typing errors happen; a pipe makes none."""
        return sys.stdin.isatty()

    def confirm(self, sentence: str, *, default: bool = True, **values: object) -> bool:
        """Ask for a yes; Enter alone is the default. Where nobody can answer, it is a no."""
        prompt = Confirm(self._asked(sentence, **values), console=self.questions)
        prompt.choices = ["j", "n"] if self.language == "de" else ["y", "n"]
        try:
            return prompt(default=default)
        except EOFError:
            return False

    def _asked(self, sentence: str, **values: object) -> Line:
        """Make a question in which no name is read as markup: one could look otherwise, or end the command."""
        return Line(self.text(sentence, **values), style="prompt")

    def table(self, *columns: str) -> Table:
        """Make a table with these headings; what is too long for a column goes on below, and is never cut."""
        headings = (Column(self.text(column), overflow="fold") for column in columns)
        return Table(*headings, box=None, pad_edge=False)

    def moment(self, at: int | None) -> str:
        """Write a time as people of the language do."""
        form = "%d.%m.%Y %H:%M:%S" if self.language == "de" else "%Y-%m-%d %H:%M:%S"
        return "" if at is None else time.strftime(form, time.localtime(at))


def printable(text: str) -> str:
    """Take from a server's text all that could steer a terminal."""
    return "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in text)


def plain(text: str) -> str:
    """Make a server's text safe for a table: printable, and nothing in it read as markup."""
    return escape(printable(text))


def say_refusal(terminal: Terminal, refused: Refused) -> None:
    """Say what was refused and what helps on."""
    terminal.complain("refused", title=refused.title, code=refused.code)
    for helpful in ("attempts_left", "retry_after"):
        if helpful in refused.extras:
            terminal.complain(helpful, **{helpful: refused.extras[helpful]})


@contextmanager
def refusals_said(terminal: Terminal) -> Iterator[None]:
    """Say what was refused or did not work in one sentence, and end with exit code 1."""
    try:
        yield
    except Refused as refused:
        say_refusal(terminal, refused)
    except Unreachable as error:
        terminal.complain("unreachable", error=error)
    except NotAsPromised as error:
        terminal.complain("unexpected", error=error)
    except KeyStoreRefused as error:
        terminal.complain(f"keys_{error.reason}", path=error.path)
    else:
        return
    raise typer.Exit(1)
