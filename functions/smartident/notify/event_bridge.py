"""The operator's own event bus (Amazon EventBridge), as a port: tests must read what it took."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from smartident.aws import client
from smartident.errors import ServiceUnavailable
from smartident.settings import notice_settings
from smartident.telemetry import log_if_denied

if TYPE_CHECKING:
    from collections.abc import Mapping

SOURCE = "smartident"


class EventBridge:
    """The bus that EventBus names."""

    def send(self, event: Mapping[str, object]) -> None:
        """Put the event on the bus; raises ServiceUnavailable if it was not taken, or nobody knows."""
        entry = {
            "EventBusName": notice_settings().event_bus,
            "Source": SOURCE,
            "DetailType": event["type"],
            "Detail": json.dumps(event, separators=(",", ":")),
            "Time": event["at"],
        }
        events = client("events")
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415  the client loads it anyway

        try:
            answer = events.put_events(Entries=[entry])
        except (ClientError, BotoCoreError) as error:
            log_if_denied(error)
            raise ServiceUnavailable(type(error).__name__) from None
        if answer["FailedEntryCount"]:
            raise ServiceUnavailable(answer["Entries"][0].get("ErrorCode", "refused"))
