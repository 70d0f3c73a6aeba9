"""A function that takes its time."""

import time


def handler(seconds: float, _context: object) -> str:
    """Sleep, then say so."""
    time.sleep(seconds)
    return "awake"
