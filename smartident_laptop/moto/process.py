"""moto in a process of its own: `python -m smartident_laptop.moto.process FD`.

Serves the listening socket that it inherits, says so by a line, and ends when its standard input closes, so that no
parent leaves it behind.
"""

from __future__ import annotations

import json
import socket
import sys
import threading
import time
from collections import OrderedDict
from functools import partial
from typing import Any

from smartident_laptop.intrinsics import ACCOUNT, REGION
from smartident_laptop.moto import keepalive_server


class Inbox(OrderedDict[str, tuple[str, str]]):
    """moto's SMS by message id, each with the second at which it was sent."""

    def __init__(self) -> None:
        super().__init__()
        self.sent_at: dict[str, float] = {}

    def __setitem__(self, message_id: str, message: tuple[str, str]) -> None:
        self.sent_at[message_id] = time.time()
        super().__setitem__(message_id, message)

    def listed(self) -> list[dict[str, object]]:
        """Every SMS as the inbox shows it, oldest first."""
        return [
            {"number": number, "phone": phone, "text": text, "sent_at": self.sent_at[message_id]}
            for number, (message_id, (phone, text)) in enumerate(list(self.items()), start=1)
        ]


def inbox() -> Inbox:
    """Have moto keep its SMS in an inbox that knows when each was sent."""
    from moto.sns.models import sns_backends  # noqa: PLC0415  this process alone pays for moto

    messages = Inbox()
    sns_backends[ACCOUNT][REGION].sms_messages = messages
    return messages


def main(descriptor: int) -> None:
    """Serve moto on an inherited listening socket until standard input closes."""
    from moto.moto_server.werkzeug_app import (  # noqa: PLC0415  this process alone pays for moto
        DomainDispatcherApplication,
        create_backend_app,
    )
    from werkzeug.wrappers import Response  # noqa: PLC0415

    from smartident_laptop.moto import dynamodb  # noqa: PLC0415  this process alone pays for moto

    dynamodb.serialize_calls()
    dynamodb.return_items_unchanged()
    dynamodb.cache_parsed_conditions()
    dynamodb.cache_parsed_updates()
    dynamodb.query_one_partition()
    dynamodb.roll_back_by_item()
    messages = inbox()
    moto = DomainDispatcherApplication(create_backend_app)

    def app(environ: Any, start_response: Any) -> Any:
        if environ["PATH_INFO"] == "/local/sms":
            return Response(json.dumps(messages.listed()), mimetype="application/json")(environ, start_response)
        return moto(environ, start_response)

    listener = socket.socket(fileno=descriptor)
    threading.Thread(
        target=keepalive_server.serve, args=(listener, partial(keepalive_server.wsgi_answer, app)), daemon=True
    ).start()
    print("ready", flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main(int(sys.argv[1]))
