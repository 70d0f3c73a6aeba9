"""Runs in the functions' world: gives the laptop's people their accesses there."""

from __future__ import annotations

import time
from typing import Any

from smartident.admin.create import (
    create_account,
)


def handler(people: list[dict[str, Any]], _context: object) -> int:
    """Create one account per person; tells how many."""
    for person in people:
        create_account(
            person["number"],
            person["password"],
            display_name=person["display_name"],
            email=person["email"],
            phone=person["phone"],
            two_factor=person["two_factor"],
            now=int(time.time()),
        )
    return len(people)
