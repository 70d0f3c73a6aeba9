"""The plays: every request that writes, set up so that it can be cut anywhere and sent again."""

from __future__ import annotations

from tests.faults.ciba import CIBA_PLAYS
from tests.faults.enrolments import ENROLMENTS
from tests.faults.freezes import FREEZES
from tests.faults.logins import (
    approving,
    cancelling,
    completing,
    connecting,
    denying,
    freezing,
    mistyping,
    mistyping_the_transfer_code,
    opening,
    renaming,
    revoking,
    revoking_itself,
    starting,
    starting_a_decoy,
    starting_alone,
    starting_as_nobody,
    vouching,
)
from tests.faults.notices import telling
from tests.faults.oauth import OAUTH_PLAYS
from tests.faults.pairings import PAIRINGS
from tests.faults.passkeys import (
    allowing_the_phone_again,
    demanding_a_passkey,
    logging_in_by_passkey,
    making_a_passkey,
    ordering_a_passkey,
    removing_a_passkey,
)
from tests.faults.pushes import PUSH_PLAYS
from tests.faults.recoveries import RECOVERIES
from tests.faults.sessions import SESSION_PLAYS

PLAYS = [
    *ENROLMENTS, starting, starting_alone, mistyping, starting_as_nobody,
    approving, mistyping_the_transfer_code, denying, completing, cancelling, revoking, revoking_itself, renaming,
    connecting, starting_a_decoy, vouching, freezing, opening, *FREEZES, telling, *PAIRINGS,
    logging_in_by_passkey, making_a_passkey, removing_a_passkey, demanding_a_passkey, allowing_the_phone_again,
    ordering_a_passkey, *OAUTH_PLAYS, *CIBA_PLAYS, *PUSH_PLAYS, *SESSION_PLAYS, *RECOVERIES,
]  # fmt: skip
