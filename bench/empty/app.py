"""The floor: a function that imports nothing and answers at once."""

from __future__ import annotations

from typing import Any


def handler(_event: dict[str, Any], _context: Any) -> dict[str, Any]:
    """Answer."""
    return {"statusCode": 204}
