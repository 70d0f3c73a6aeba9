"""Licences: which of them go together with Apache-2.0, and how packages spell the ones they have."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from email.message import Message

# Permissive ones, whose only conditions are that their text and their names are kept.
COMPATIBLE = {
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "ISC",
    "MIT",
    "MIT-0",
    "PSF-2.0",
    "Unicode-3.0",
}
# What a package says where it says no expression, and what its licence file turns out to be.
SPELLED = {
    ("pyasn1_modules", "BSD"): "BSD-2-Clause",
    ("pyOpenSSL", "Apache License, Version 2.0"): "Apache-2.0",
    ("openssl", ""): "Apache-2.0",
    ("python-dateutil", "Dual License"): "Apache-2.0 OR BSD-3-Clause",
}


def licence(metadata: Message) -> str:
    """The SPDX expression of a package; what it says as it stands if it is none that is known here."""
    return spelled(metadata["Name"], metadata["License-Expression"] or metadata["License"] or "")


def spelled(name: str, said: str) -> str:
    """The SPDX expression that stands behind what a package says."""
    return SPELLED.get((name, said), said)


def is_compatible(expression: str) -> bool:
    """Whether each licence that counts may be one of the list; brackets are read strictly, never generously."""
    parts = expression.split(" AND ")
    return all(any(one.strip("() ") in COMPATIBLE for one in part.split(" OR ")) for part in parts)
