"""What moto's SNS and SES sent, each message with the second at which it went out."""

from __future__ import annotations

import time
from collections import OrderedDict
from email import message_from_string, policy
from typing import Any

from smartident_laptop.intrinsics import ACCOUNT, REGION


class SmsInbox(OrderedDict[str, tuple[str, str]]):
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


class MailInbox(list[Any]):
    """moto's e-mails, each with the second at which it was sent."""

    def __init__(self) -> None:
        super().__init__()
        self.sent_at: list[float] = []

    def append(self, message: Any) -> None:
        """Take one more."""
        self.sent_at.append(time.time())
        super().append(message)

    def listed(self) -> list[dict[str, object]]:
        """Every e-mail as the inbox shows it, oldest first."""
        return [
            {"number": number, "sent_at": sent_at, **_read(message.raw_data)}
            for number, (message, sent_at) in enumerate(zip(list(self), self.sent_at, strict=False), start=1)
        ]


def sms_inbox() -> SmsInbox:
    """Have moto keep its SMS in an inbox that knows when each was sent."""
    from moto.sns.models import sns_backends  # noqa: PLC0415  moto's process alone pays for it

    messages = SmsInbox()
    sns_backends[ACCOUNT][REGION].sms_messages = messages
    return messages


def mail_inbox() -> MailInbox:
    """Have moto keep its e-mails in an inbox that knows when each was sent."""
    from moto.ses.models import ses_backends  # noqa: PLC0415  moto's process alone pays for it

    messages = MailInbox()
    ses_backends[ACCOUNT][REGION].sent_messages = messages
    return messages


def _read(raw: str) -> dict[str, str]:
    message = message_from_string(raw, policy=policy.default)
    parts = {kind: message.get_body((kind,)) for kind in ("plain", "html")}
    bodies = {kind: str(part.get_content()) if part is not None else "" for kind, part in parts.items()}
    return {
        "address": str(message["To"]),
        "sender": str(message["From"]),
        "subject": str(message["Subject"]),
        "text": bodies["plain"],
        "html": bodies["html"],
    }
