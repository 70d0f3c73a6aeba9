"""moto in a process of its own: `python -m smartident_laptop.moto.process FD`.

Serves the listening socket that it inherits, says so by a line, and ends when its standard input closes, so that no
parent leaves it behind.
"""

from __future__ import annotations

import json
import socket
import sys
import threading
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from smartident_laptop.moto import keepalive_server
from smartident_laptop.moto.inbox import mail_inbox, sms_inbox

if TYPE_CHECKING:
    from collections.abc import Callable

    Application = Callable[[Any, Any], Any]


def application(moto: Application) -> Application:
    """moto, with doors of our own beside it: what was sent, and what the table's stream and the queues hold."""
    from werkzeug.wrappers import Response  # noqa: PLC0415  this process alone pays for moto

    from smartident_laptop.moto import queues, stream  # noqa: PLC0415  as above

    sms, mail = sms_inbox(), mail_inbox()

    def app(environ: Any, start_response: Any) -> Any:
        asked = {name: values[0] for name, values in parse_qs(environ.get("QUERY_STRING", "")).items()}
        own: dict[str, Callable[[], object]] = {
            "/local/sms": sms.listed,
            "/local/mail": mail.listed,
            "/local/queue": lambda: queues.messages_after(int(asked["after"]), asked["queue"]),
            "/local/stream": lambda: stream.records_after(int(asked["after"]), asked["table"]),
        }
        if environ["PATH_INFO"] not in own:
            return moto(environ, start_response)
        body = json.dumps(own[environ["PATH_INFO"]]())
        return Response(body, mimetype="application/json")(environ, start_response)

    return app


def main(descriptor: int) -> None:
    """Serve moto on an inherited listening socket until standard input closes."""
    from moto.moto_server.werkzeug_app import (  # noqa: PLC0415  this process alone pays for moto
        DomainDispatcherApplication,
        create_backend_app,
    )

    from smartident_laptop.moto import dynamodb, queues, stream  # noqa: PLC0415  this process alone pays for moto

    dynamodb.serialize_calls()
    dynamodb.return_items_unchanged()
    dynamodb.cache_parsed_conditions()
    dynamodb.cache_parsed_updates()
    dynamodb.query_one_partition()
    dynamodb.roll_back_by_item()
    stream.tell_what_happened()
    queues.tell_what_was_sent()
    app = application(DomainDispatcherApplication(create_backend_app))
    listener = socket.socket(fileno=descriptor)
    threading.Thread(
        target=keepalive_server.serve, args=(listener, partial(keepalive_server.wsgi_answer, app)), daemon=True
    ).start()
    print("ready", flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main(int(sys.argv[1]))
