"""What a trial costs at most, by AWS's list prices: the operator is told before anything is deployed."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bench.cost.prices import Prices

HOURS_OF_MONTH = 730
# A code and a notice; the others are for a person who mistypes.
SMS = 4
# At most, of what the template makes with labs/smoke/stack.py's parameters; a test counts it there.
SECRETS, KEYS, ALARMS, METRICS = 4, 1, 100, 25
# Standing things are charged by the hour, begun or not.
HOURS = 2
# Requests, logs and transfer of a few hundred calls.
CALLS = 0.02
# An SMS to the dearest country that a stack sends to by default.
SMS_FACTOR = 1.5


def at_most(prices: Prices) -> float:
    """USD for one trial."""
    standing = (
        SECRETS * prices.secret + KEYS * prices.key + ALARMS * prices.alarm + METRICS * prices.metric + prices.dashboard
    )
    return SMS * prices.sms * SMS_FACTOR + standing * HOURS / HOURS_OF_MONTH + CALLS
