"""Every action of every role, withheld in turn: an alarm of the shift must ring, so that a lack takes a deploy back."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import TYPE_CHECKING

from labs.rehearsal.outgoing_rights import is_outgoing
from labs.rehearsal.permissions import granted, withheld
from labs.rehearsal.shift_alarms import rung
from labs.rehearsal.walk import SCENES, scenes_of
from labs.rehearsal.walker import walker
from smartident_cli.story.play import Differs
from smartident_client.wire import WireError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
    from random import Random

    from labs.rehearsal.deployment import Deployment
    from labs.rehearsal.walker import Walker
    from smartident_laptop.demo.accounts import DemoAccount

Right = tuple[str, str]
# Asked for in the name of the role by SNS (blind_spots.py, sms_handed_on) and by Lambda, which reads stream and
# queues (person_told); the stand-in asks for none of them.
ASKED_BY_NOBODY = {
    "sms-voice:SendTextMessage",
    "dynamodb:DescribeStream",
    "dynamodb:GetRecords",
    "dynamodb:GetShardIterator",
    "dynamodb:ListStreams",
    "sqs:DeleteMessage",
    "sqs:GetQueueAttributes",
    "sqs:ReceiveMessage",
}


def rights(deployment: Deployment, functions: Collection[str]) -> list[Right]:
    """The actions of the roles of these functions, each with its function; not those for the release before alone."""
    return [
        (function, action)
        for function in sorted(functions)
        for action in sorted(granted(deployment, function) - ASKED_BY_NOBODY)
        if not is_outgoing(function, action)
    ]


def check_all_asked(deployment: Deployment, patience: float = 15) -> None:
    """Raise Differs for a right that nobody asked for so far: no scene would show that it lacks, whatever the sample.

    What comes by the stream may take a moment.
    """
    every, deadline = set(rights(deployment, deployment.functions)), time.monotonic() + patience
    roles = {deployment.role(function): function for function in deployment.functions}
    while idle := every - _asked_for(deployment, roles):
        if time.monotonic() > deadline:
            named = ", ".join(f"{action} of {function}" for function, action in sorted(idle))
            raise Differs(f"no scene of labs/rehearsal/walk.py asks for {named}")
        time.sleep(0.2)


def _asked_for(deployment: Deployment, roles: Mapping[str, str]) -> set[Right]:
    """The rights that functions asked for; a role's ARN names the role before the session."""
    asked = {(arn.split("/")[1], action) for arn, action in deployment.stand_in.asked() if "/" in arn}
    return {(roles[role], action) for role, action in asked if role in roles}


def sampled(found: list[Right], sample: Random, count: int) -> list[Right]:
    """Some of them, no two of the same service as long as there are others."""
    shuffled = sample.sample(found, len(found))
    services = {action.partition(":")[0]: (function, action) for function, action in shuffled}
    first = list(services.values())
    return [*first, *(one for one in shuffled if one not in first)][:count]


def withhold_each(deployment: Deployment, chosen: list[Right], people: Iterator[DemoAccount]) -> None:
    """Walk without each of these rights; raises Differs for one whose lack rings no alarm of the shift."""
    silent = [right for right in chosen if not _rings_without(deployment, right, people)]
    if silent:
        named = ", ".join(f"{action} of {function}" for function, action in silent)
        raise Differs(f"no alarm of the shift rings without {named}")


def _rings_without(deployment: Deployment, right: Right, people: Iterator[DemoAccount]) -> bool:
    """Whether an alarm rings in the function's own scenes or, with somebody else, in any: few walks are whole."""
    function, action = right
    with withheld(deployment, function, action), deployment.fresh(function):
        walks = (scenes_of(function), SCENES)
        return any(_rings_in(deployment, right, next(people), scenes) for scenes in walks)


def _rings_in(
    deployment: Deployment, right: Right, person: DemoAccount, scenes: Sequence[Callable[[Walker], None]]
) -> bool:
    function, action = right
    began = time.time_ns() // 1_000_000
    with walker(deployment, person) as one:
        # Who is told nothing need not wait for long here, except for what comes by the stream.
        one.patience = 15 if function in deployment.behind_stream() else 3
        for scene in scenes:
            # What fails is not the point: an alarm must tell.
            with suppress(Differs, WireError):
                scene(one)
            if names := rung(deployment.template, deployment.lines(began)):
                print(f"without {action} of {function}: {scene.__name__} rings {', '.join(names)}", flush=True)
                return True
    return False
