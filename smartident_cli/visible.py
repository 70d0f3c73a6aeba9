"""Text without the invisible marks that come with a copy from elsewhere."""

import unicodedata

from smartident.accounts.names import INVISIBLE

# Between letters these two are spelling, in Persian and in the scripts of India.
JOINERS = {"\N{ZERO WIDTH JOINER}", "\N{ZERO WIDTH NON-JOINER}"}


def is_printable(text: str) -> bool:
    """Whether all of a text can be shown; joiners show in how the letters beside them are written."""
    return "".join(sign for sign in text if sign not in JOINERS).isprintable()


def visible(text: str) -> str:
    """Take out what nobody sees: direction marks, soft hyphens, byte order marks, joiners at the ends."""
    shown = "".join(sign for sign in text if unicodedata.category(sign) != "Cf" or sign in JOINERS)
    return shown.strip("".join(JOINERS) + " ")


def as_typed(text: str) -> str:
    """The text as a keyboard writes it: no mark that nobody sees, each blank a plain one, none at its ends."""
    shown = (sign for sign in text if unicodedata.category(sign) != "Cf" and sign not in INVISIBLE)
    return "".join(" " if sign.isspace() else sign for sign in shown).strip()
