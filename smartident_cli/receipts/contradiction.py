"""What speaks against a receipt, and the rules that what was signed sets by itself."""

from typing import Any

from smartident.approvals.signed_decision import Signed


class Contradiction(Exception):  # noqa: N818  what is wrong is named
    """The receipt does not prove the login; the text is a sentence's name."""


def check_typed_code(statement: dict[str, Any], signed: Signed) -> None:
    """Raise Contradiction if a phone was told that the country is new and signed without a typed code."""
    if statement.get("new_country") and not signed.transfer_code:
        raise Contradiction("no_typed_code")
