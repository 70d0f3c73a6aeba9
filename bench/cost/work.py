"""The work of a login and of an enrolment, as tests/bench/test_counted_work.py counts it in the running code.

What cannot be counted without AWS is assumed here, and nowhere else: how long a call of AWS keeps a function waiting,
how long a page waits for the phone, and the lines that Lambda itself logs.
"""

from dataclasses import dataclass

# Milliseconds that a function waits for AWS, in the same region: assumed, on the long side.
CALL_MS = {
    "GetItem": 4,
    "Query": 5,
    "UpdateItem": 6,
    "PutItem": 6,
    "TransactWriteItems": 12,
    "PostToConnection": 15,
    "Sign": 10,
    "Publish": 100,
}
# Lambda's START, END and REPORT of one invocation.
LAMBDA_LOG_BYTES = 330
# From the page's question to the token.
SOCKET_SECONDS = 20
# Of an answer beside its body: status line, headers, TLS.
HEADER_BYTES = 600
# DynamoDB's own, for each stored item.
ITEM_BYTES = 100
WHOLE_CPU_MB = 1769


@dataclass(frozen=True)
class Invocation:
    """One call of a function: its memory, the processor's milliseconds (`make bench`), and its calls of AWS."""

    route: str
    memory_mb: int
    cpu_ms: float
    calls: tuple[str, ...] = ()

    @property
    def duration_ms(self) -> float:
        """Milliseconds that are paid: less memory buys less of a processor, and waiting for AWS is paid too."""
        return self.cpu_ms / min(1.0, self.memory_mb / WHOLE_CPU_MB) + sum(CALL_MS[call] for call in self.calls)


@dataclass(frozen=True)
class Work:
    """Everything that one story asks of AWS."""

    invocations: tuple[Invocation, ...]
    read_units: int
    write_units: int
    http_requests: int
    socket_messages: int
    log_bytes: int
    answer_bytes: int
    kept_bytes: int
    kept_items: int
    signatures: int = 0
    sms: int = 0
    socket_seconds: int = 0


# Counted against the limits of account, number, block of numbers and whole service; then sent, then recorded as sent.
SMS_CALLS = ("UpdateItem", "UpdateItem", "UpdateItem", "UpdateItem", "Publish", "UpdateItem")
VERIFY_CALLS = ("GetItem", "UpdateItem", "GetItem", "TransactWriteItems")
LOGIN = Work(
    invocations=(
        Invocation("POST /v1/logins", 1769, 23.0, ("GetItem", "UpdateItem", "Query", "TransactWriteItems")),
        Invocation("$connect", 512, 1.5, ("UpdateItem",)),
        Invocation("$default", 512, 1.5, ("GetItem",)),
        Invocation("GET /v1/approvals", 512, 1.8, ("Query",)),
        Invocation("POST /v1/approvals/{login_id}", 512, 3.8, ("Query", "UpdateItem", "PostToConnection")),
        Invocation("POST /v1/logins/{login_id}/complete", 512, 2.0, ("GetItem", "UpdateItem", "Sign")),
    ),
    read_units=6,
    write_units=10,
    http_requests=4,
    socket_messages=3,
    log_bytes=2_570,
    answer_bytes=1_992,
    kept_bytes=1_975,
    kept_items=1,
    signatures=1,
    socket_seconds=SOCKET_SECONDS,
)
ENROLMENT = Work(
    invocations=(
        Invocation("POST /v1/keys", 1769, 29.0, ("GetItem", "UpdateItem", "TransactWriteItems", "PutItem", *SMS_CALLS)),
        Invocation("POST /v1/keys/{registration_id}/verify", 512, 4.7, VERIFY_CALLS),
    ),
    read_units=3,
    write_units=22,
    http_requests=2,
    socket_messages=0,
    log_bytes=1_135,
    answer_bytes=950,
    kept_bytes=737,
    kept_items=2,
    sms=1,
)


@dataclass(frozen=True)
class Standing:
    """What stands in the template and is paid by the month."""

    keys: int = 1
    secrets: int = 2
    metrics: int = 20
    alarms: int = 87
    dashboards: int = 1
    retention_days: int = 400


STANDING = Standing()
