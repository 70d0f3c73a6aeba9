"""How a password is hashed in one pass of the comparison, said for both sides."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Hashing:
    """One setting: Argon2id's cost as text, and as either side wants it; empty is that side's own default."""

    name: str
    said: str
    theirs: dict[str, int] = field(default_factory=dict)
    ours: dict[str, str] = field(default_factory=dict)


OWN = Hashing("own", "its own default (64 MiB, t = 9, p = 4; ours: 19 MiB, t = 2, p = 1)")
SAME = Hashing(
    "same",
    "Argon2id 19 MiB, t = 2, p = 1 on both sides",
    theirs={"argon2__rounds": 2, "argon2__memory_cost": 19_456, "argon2__parallelism": 1},
)
# The least that Argon2 is: what is left is everything else.
NONE = Hashing(
    "none",
    "Argon2id 8 KiB, t = 1, p = 1 on both sides: as good as none",
    theirs={"argon2__rounds": 1, "argon2__memory_cost": 8, "argon2__parallelism": 1},
    ours={"Argon2MemoryKib": "8", "Argon2Time": "1"},
)
ALL = (OWN, SAME, NONE)
