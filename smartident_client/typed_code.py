"""A code as a person typed or pasted it, brought into the digits that the service reads."""

import unicodedata

# Blanks, dashes and marks that nobody sees stand between digits only for the eye.
BETWEEN = {"Zs", "Zl", "Zp", "Cc", "Cf", "Pd", "Mn"}


def typed_code(text: str) -> str:
    """The code without what stands between its digits, which may be of any script."""
    kept = (sign for sign in text if unicodedata.category(sign) not in BETWEEN)
    return "".join(str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in kept)
