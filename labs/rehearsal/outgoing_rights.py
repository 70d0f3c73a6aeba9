"""Rights that only versions of the release before still ask for, and when they go.

Roles have no versions: CloudFormation changes them before callers are shifted to new versions, and a shift that goes
back meets them too. So a right for which our code asks no more stays for one release.
"""

from __future__ import annotations

OUTGOING: dict[tuple[str, str], str] = {}
"""Function and action, each with the release that is the first whose code does not ask for it."""


def is_outgoing(function: str, action: str) -> bool:
    """Whether a role allows this for the release before alone."""
    return (function, action) in OUTGOING


def due(release: str) -> list[tuple[str, str]]:
    """The rights that go with a release: the one before did not ask for them any more."""
    return sorted(right for right, unasked in OUTGOING.items() if unasked != release)
