"""What a person reads in an SMS."""

import re

CODE = re.compile(r"(?<!\d)\d{6}(?!\d)")


def code_in(text: str) -> str:
    """Read the six digits of an SMS."""
    found = CODE.search(text)
    if found is None:
        raise ValueError("the SMS holds no code")
    return found[0]
