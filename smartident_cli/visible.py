"""Text without the invisible marks that come with a copy from elsewhere."""

import unicodedata

# Between letters these two are spelling, in Persian and in the scripts of India.
JOINERS = {"\N{ZERO WIDTH JOINER}", "\N{ZERO WIDTH NON-JOINER}"}


def is_printable(text: str) -> bool:
    """Whether all of a text can be shown; joiners show in how the letters beside them are written."""
    return "".join(sign for sign in text if sign not in JOINERS).isprintable()


def visible(text: str) -> str:
    """Take out what nobody sees: direction marks, soft hyphens, byte order marks, joiners at the ends."""
    shown = "".join(sign for sign in text if unicodedata.category(sign) != "Cf" or sign in JOINERS)
    return shown.strip("".join(JOINERS) + " ")
