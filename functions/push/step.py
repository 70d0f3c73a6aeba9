"""After step 6: the phones of the account are woken, so that the person need not know when to open the app."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING

from smartident.devices.snapshot import read_snapshot, retired_at
from smartident.push.send import is_ours, may_send, send, settle
from smartident.push.subscription import forget_subscription, read_subscriptions
from smartident.push.waiting import concerned, topic_of

if TYPE_CHECKING:
    from smartident.push.push_service import PushService

# So many at once: no slow push service makes the other phones of an account wait.
PARALLEL = 10


def wake(account_id: str, sort_key: str, *, service: PushService, now: int) -> int:
    """How many phones are on their way to being woken: the active ones that subscribed, one try each."""
    subscribed = read_subscriptions(account_id)
    if not subscribed:
        return 0
    snapshot = read_snapshot(account_id, now=now)
    topic = topic_of(snapshot, sort_key, now=now)
    if topic is None:
        return 0
    active = {device.id for device in snapshot.active_devices()}
    for one in subscribed:
        if one.device_id not in active or not is_ours(one):
            forget_subscription(account_id, one.device_id, endpoint=one.endpoint, now=now)
    left = {device.id for device in snapshot.active_devices() if retired_at(device, snapshot) is not None}
    awake = (active & concerned(snapshot, sort_key)) - left
    usable = [one for one in subscribed if one.device_id in awake and may_send(one, now=now)]
    with ThreadPoolExecutor(PARALLEL) as threads:
        answers = list(threads.map(partial(send, topic=topic, service=service, now=now), usable))
    return sum(settle(one, answer, now=now) for one, answer in zip(usable, answers, strict=True))
