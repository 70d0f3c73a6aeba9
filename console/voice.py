"""How the command speaks with a person: sentences in their language, prompts, and secrets that nobody sees typed."""

import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import NamedTuple

import typer
from rich.console import Console
from rich.markup import escape
from rich.prompt import Confirm, Prompt
from rich.table import Table
from rich.text import Text as Line

from console.memory import MemoryRefused
from console.wire import Language, NotAsPromised, Refused, Unreachable

GERMAN_SEPARATORS = str.maketrans(",.", ".,")


class Text(NamedTuple):
    """One sentence in both languages."""

    de: str
    en: str


class Voice:
    """Says the sentences of one table in one language."""

    def __init__(self, texts: Mapping[str, Text], language: Language) -> None:
        self.texts = texts
        self.language = language
        self.console = Console(highlight=False)

    def text(self, sentence: str, **values: object) -> str:
        """Tell a sentence with its values, safe to show."""
        pattern = self.texts[sentence].de if self.language == "de" else self.texts[sentence].en
        return pattern.format(**{name: printable(str(value)) for name, value in values.items()})

    def say(self, sentence: str, **values: object) -> None:
        """Print a sentence."""
        self.console.print(self.text(sentence, **values), markup=False, soft_wrap=True)

    def head(self, number: int, sentence: str) -> None:
        """Print a numbered heading."""
        self.console.print(f"\n{number}  {self.text(sentence)}", style="bold", markup=False)

    def complain(self, sentence: str, **values: object) -> None:
        """Print a sentence to standard error."""
        print(self.text(sentence, **values), file=sys.stderr)

    def ask(self, sentence: str, **values: object) -> str:
        """Ask for a line."""
        asked = self._asked(sentence, **values)
        return Prompt.ask(asked, console=self.console, default="", show_default=False).strip()

    def ask_secret(self, sentence: str) -> str:
        """Ask for a line that is not shown; from a pipe it is read as it comes."""
        if self.typed:
            return Prompt.ask(self._asked(sentence), console=self.console, password=True)
        line = sys.stdin.readline()
        if not line:
            raise EOFError
        return line.rstrip("\n")

    @property
    def typed(self) -> bool:
        """Whether a person types, so that typing errors happen; a pipe makes none."""
        return sys.stdin.isatty()

    def confirm(self, sentence: str, *, default: bool = True, **values: object) -> bool:
        """Ask for a yes; Enter alone is the default."""
        prompt = Confirm(self._asked(sentence, **values), console=self.console)
        prompt.choices = ["j", "n"] if self.language == "de" else ["y", "n"]
        return prompt(default=default)

    def _asked(self, sentence: str, **values: object) -> Line:
        """Make a question in which no name is read as markup: one could look otherwise, or end the command."""
        return Line(self.text(sentence, **values), style="prompt")

    def table(self, *columns: str) -> Table:
        """Make a table with these headings."""
        return Table(*(self.text(column) for column in columns), box=None, pad_edge=False)

    def number(self, number: float, digits: int = 0) -> str:
        """Write a number with so many digits after the point as people of the language do."""
        written = f"{number:,.{digits}f}"
        return written.translate(GERMAN_SEPARATORS) if self.language == "de" else written

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


def say_refusal(voice: Voice, refused: Refused) -> None:
    """Say what was refused and what helps on."""
    voice.complain("refused", title=refused.title, code=refused.code)
    for helpful in ("attempts_left", "retry_after"):
        if helpful in refused.extras:
            voice.complain(helpful, **{helpful: refused.extras[helpful]})


@contextmanager
def refusals_said(voice: Voice) -> Iterator[None]:
    """Say what was refused or did not work in one sentence, and end with exit code 1."""
    try:
        yield
    except Refused as refused:
        say_refusal(voice, refused)
    except Unreachable as error:
        voice.complain("unreachable", error=error)
    except NotAsPromised as error:
        voice.complain("unexpected", error=error)
    except MemoryRefused as error:
        print(error, file=sys.stderr)
    else:
        return
    raise typer.Exit(1)
