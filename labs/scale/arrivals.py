"""When people come, how long they take, and what page and app do when they are turned away."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator

# The page's and the app's way to the service and back, seconds.
ROUND_TRIP = 0.04
# Turned away, page and app ask again after these seconds; then the person gives up.
PATIENCE = (1.0, 2.0, 4.0)
# As web/smartident.js does it: eight connections with growing pauses, and questions meanwhile, ever more slowly.
RECONNECTS = tuple(min(0.5 * 2**nth, 10.0) for nth in range(1, 9))
FIRST_POLL, SLOWER, LAST_POLL = 1.5, 1.3, 6.0
LIFETIME = 180.0
# Of a hundred people one never takes the phone out.
NEVER = 0.01


@dataclass(frozen=True)
class Crowd:
    """Logins a second: few before nine, then ever more until the peak, which lasts."""

    before: float = 20.0
    peak: float = 1_000.0
    ramp: float = 120.0
    lasts: float = 120.0
    # Seconds to open the app, and to type the code and give the fingerprint: medians and spreads of people.
    opens: tuple[float, float] = (10.0, 0.5)
    decides: tuple[float, float] = (8.0, 0.4)

    @property
    def ends(self) -> float:
        """When nobody new comes any more."""
        return self.ramp + self.lasts

    def rate(self, at: float) -> float:
        """Logins a second at a time."""
        return self.before + (self.peak - self.before) * min(1.0, at / self.ramp) if self.ramp else self.peak

    def arrivals(self, dice: random.Random) -> Iterator[float]:
        """When each comes: a Poisson process at the crowd's rate, thinned from one at its peak."""
        at = 0.0
        while (at := at + dice.expovariate(self.peak)) < self.ends:
            if dice.random() * self.peak < self.rate(at):
                yield at

    def opening(self, dice: random.Random) -> float:
        """Seconds until somebody looks at the phone."""
        return _spread(self.opens, dice)

    def deciding(self, dice: random.Random) -> float:
        """Seconds until somebody has decided."""
        return _spread(self.decides, dice)


def _spread(median_and_sigma: tuple[float, float], dice: random.Random) -> float:
    """Lognormal, as human times are."""
    median, sigma = median_and_sigma
    return dice.lognormvariate(math.log(median), sigma)
