"""Amazon SQS, as a port: tests must read what was put into the queues."""

from __future__ import annotations

import json

from smartident.aws import client
from smartident.errors import ServiceUnavailable
from smartident.telemetry import log_if_denied


class Sqs:
    """The queues between the table's stream and who tells what is in the outboxes: a message names one item."""

    def send(self, queue_url: str, account_id: str, sort_key: str) -> None:
        """Put the name of an item into a queue; raises ServiceUnavailable if it is not in there, or nobody knows."""
        body = json.dumps({"pk": account_id, "sk": sort_key})
        # The stream brings it again.
        sqs = client("sqs", attempts=1)
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415  the client loads it anyway

        try:
            sqs.send_message(QueueUrl=queue_url, MessageBody=body)
        except (ClientError, BotoCoreError) as error:
            log_if_denied(error)
            raise ServiceUnavailable(type(error).__name__) from None
