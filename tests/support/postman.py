"""The postman: brings what the table's stream would bring to `notify`, and keeps the e-mail on paper."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from notify.step import tell
from smartident.errors import Refusal
from tests.support.stored_items import items

if TYPE_CHECKING:
    from email.message import EmailMessage

    from tests.support.world import World

ARN = "arn:aws:dynamodb:eu-central-1:123456789012:table/smartident/stream/2027-01-15T08:00:00.000"


@dataclass
class PaperEmail:
    """E-mail on paper: what was sent can be read, and sending can be made to fail."""

    sent: list[tuple[str, EmailMessage]] = field(default_factory=list)
    fails: BaseException | None = None

    def send(self, address: str, message: EmailMessage) -> None:
        """Write it down."""
        if self.fails:
            raise self.fails
        self.sent.append((address, message))

    def __len__(self) -> int:
        return len(self.sent)


@dataclass
class Postman:
    """Tells what stands in the outbox."""

    world: World
    email: PaperEmail = field(default_factory=PaperEmail)

    def round(self) -> list[str]:
        """Bring every notice once, oldest first; the state of each, or the code of its refusal."""
        return [self.bring(*key) for key in outbox()]

    def bring(self, account_id: str, sort_key: str) -> str:
        """Bring one notice."""
        try:
            return tell(account_id, sort_key, email=self.email, sms=self.world.sms, now=self.world.now)
        except Refusal as refusal:
            return refusal.code

    @property
    def addresses(self) -> list[str]:
        """Who got an e-mail, the first first."""
        return [address for address, _ in self.email.sent]

    @property
    def subjects(self) -> list[str]:
        """What the e-mails are about."""
        return [message["Subject"] for _, message in self.email.sent]


def outbox() -> list[tuple[str, str]]:
    """The keys of all that is to be told, or was, oldest first."""
    keys = [(one["pk"]["S"], one["sk"]["S"]) for one in items() if one["kind"]["S"] == "notice"]
    return sorted(keys, key=lambda key: key[1], reverse=True)


def queued(*keys: tuple[str, str]) -> dict[str, Any]:
    """The event that Lambda hands the function of a queue for these items."""
    return {
        "Records": [
            {"messageId": str(100 + place), "body": json.dumps({"pk": pk, "sk": sk}), "eventSource": "aws:sqs"}
            for place, (pk, sk) in enumerate(keys)
        ]
    }


def batch(*keys: tuple[str, str], event: str = "INSERT") -> dict[str, Any]:
    """The event that Lambda hands the function for these items."""
    return {
        "Records": [
            {
                "eventID": f"{place:032x}",
                "eventName": event,
                "eventVersion": "1.1",
                "eventSource": "aws:dynamodb",
                "awsRegion": "eu-central-1",
                "dynamodb": {
                    "ApproximateCreationDateTime": 1_800_000_000,
                    "Keys": {"pk": {"S": pk}, "sk": {"S": sk}},
                    "SequenceNumber": str(100 + place),
                    "SizeBytes": 99,
                    "StreamViewType": "KEYS_ONLY",
                },
                "eventSourceARN": ARN,
            }
            for place, (pk, sk) in enumerate(keys)
        ]
    }
