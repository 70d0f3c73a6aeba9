"""moto's queues as Lambda reads them: what was put into each, in turn, for who waits for the next."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from moto.sqs.models import SQSBackend

if TYPE_CHECKING:
    from collections.abc import Callable

WAIT_SECONDS = 5
_put = threading.Condition()
_messages: dict[str, list[dict[str, Any]]] = {}


def tell_what_was_sent() -> None:
    """Keep each message that somebody sends, and wake who waits for it."""
    send: Callable[..., Any] = SQSBackend.send_message

    def telling(backend: SQSBackend, queue_name: str, message_body: str, *rest: Any, **named: Any) -> Any:
        message = send(backend, queue_name, message_body, *rest, **named)
        with _put:
            of_queue = _messages.setdefault(queue_name, [])
            of_queue.append({"messageId": message.id, "body": message_body, "eventSource": "aws:sqs"})
            _put.notify_all()
        return message

    SQSBackend.send_message = telling  # type: ignore[assignment,method-assign]  # moto has no door for this


def messages_after(number: int, queue: str) -> list[dict[str, Any]]:
    """The messages of a queue beyond so many; waits a while for the first."""
    with _put:
        _put.wait_for(lambda: len(_messages.get(queue, ())) > number, timeout=WAIT_SECONDS)
        return _messages.get(queue, [])[number:]
