"""What the operator allows a client at the backchannel authentication endpoint (OpenID Connect CIBA Core 1.0).

One attribute of the client's item holds all of it, as JSON: a client without it may ask no phone by itself.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

POLL, PING = "poll", "ping"
DELIVERY_MODES = (POLL, PING)
DEFAULT_PENDING, MAX_PENDING = 1, 5
DEFAULT_PER_HOUR, MAX_PER_HOUR = 1000, 1_000_000


@dataclass(frozen=True)
class Backchannel:
    """How a client hears that the phone decided, and how often it may ask."""

    delivery: str = POLL
    # Where it hears, without asking, that there is something to ask for.
    notification_endpoint: str | None = None
    # How many of its requests may wait at one account at once.
    pending: int = DEFAULT_PENDING
    # How many it may begin an hour, all accounts together.
    per_hour: int = DEFAULT_PER_HOUR
    # Whether it is told that it named nobody. By default an unknown account is answered like any other.
    tells_unknown_user: bool = False
    # Whether it may issue enrolment codes, each for an account of its own that never had a device.
    issues_enrolment_codes: bool = False

    def __str__(self) -> str:
        """As the client's item holds it: a permission that came later stands there only where it is given."""
        told = asdict(self)
        if not self.issues_enrolment_codes:
            del told["issues_enrolment_codes"]
        return json.dumps(told, separators=(",", ":"))


def read_backchannel(text: str | None) -> Backchannel | None:
    """What `str` wrote, or None; what it never wrote gives nothing, and the client's MAC then does not fit."""
    try:
        return None if text is None else Backchannel(**json.loads(text))
    except (TypeError, ValueError):
        return None
