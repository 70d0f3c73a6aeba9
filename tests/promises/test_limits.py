"""What a limit is unless the operator says otherwise; each default has its source, and none has moved unseen."""

from __future__ import annotations

import pytest

from smartident.crypto import dpop
from smartident.http.api import MAX_BYTES
from smartident.logins import transitions
from smartident.rate_limiting import lockout_time, trusted_browser
from smartident_laptop.template import Template

TEMPLATE = Template()
ENVIRONMENT = TEMPLATE.environment


@pytest.mark.parametrize(
    ("setting", "default"),
    [
        ("LOGIN_LIFETIME", "180"),  # SP 800-63B-4: at most 10 min; ASVS 10.4.3
        ("COMPLETION_WINDOW", "60"),
        ("TRANSFER_CODE_DIGITS", "6"),  # SP 800-63B-4 3.1.3.2, ASVS 6.5.4
        ("PENDING_LOGINS", "3"),  # ASVS 6.6.4
        ("PASSWORD_TRIES", "5"),  # RTS 2018/389 article 4(3)(b)
        ("FAILURES_PER_HOUR", "100"),
        ("ADDRESS_FAILURES", "100"),  # ASVS 6.3.1
        ("UNANSWERED_LOGINS", "3"),  # ASVS 6.6.4
        ("UNIFORM_LOGIN", "off"),  # RTS 2018/389 article 4(3)(a)
        ("FAILED_ANSWER_MS", "800"),  # ASVS 6.3.8
        ("SMS_CODE_LIFETIME", "300"),  # ASVS 6.5.5, as the next four
        ("SMS_CODE_TRIES", "3"),
        ("SMS_RESEND_AFTER", "30"),
        ("SMS_PER_REGISTRATION", "3"),
        ("SMS_PER_ACCOUNT_DAY", "5"),
        ("SMS_PER_PHONE_DAY", "10"),
        ("SMS_PER_PREFIX_DAY", "100"),
        ("SMS_DAILY_BUDGET", "1000"),  # ASVS 2.4.1
        ("SMS_RESERVE_PERCENT", "20"),
        ("SMS_COUNTRIES", "DE,CH"),
        ("ADDRESS_BLOCK", "3600"),  # ASVS 6.3.5
        ("DEVICES_PER_ACCOUNT", "10"),
        ("RETENTION_DAYS", "400"),
        ("ARGON2_MEMORY_KIB", "19456"),  # OWASP: m=19 MiB, t=2, p=1
        ("ARGON2_TIME", "2"),
        ("ARGON2_LANES", "1"),
    ],
)
def test_a_limit_is_what_the_design_says(setting: str, default: str) -> None:
    assert ENVIRONMENT[setting] == default


@pytest.mark.parametrize(
    ("parameter", "least", "most"),
    [
        ("LoginLifetime", None, 600),  # SP 800-63B-4: at most ten minutes
        ("SmsCodeLifetime", None, 600),
        ("SmsCodeTries", None, 10),
        ("AddressBlock", 60, None),  # "that was not me" says that the source is blocked
        ("Argon2MemoryKib", 19456, None),  # the design's floor: less is a weaker password store
        ("Argon2Time", 2, None),
        ("Argon2Lanes", 1, None),
    ],
)
def test_an_operator_cannot_go_below_what_is_safe(parameter: str, least: int | None, most: int | None) -> None:
    declared = TEMPLATE.document["Parameters"][parameter]
    assert least is None or declared["MinValue"] >= least
    assert most is None or declared["MaxValue"] <= most


def test_a_login_may_do_without_a_code_but_not_with_a_short_one() -> None:
    assert TEMPLATE.document["Parameters"]["TransferCodeDigits"]["AllowedValues"] == [0, 6, 8]


def test_what_no_operator_can_change() -> None:
    assert transitions.REPEAT_WINDOW == 30
    assert dpop.MAX_CLOCK_SKEW == 60
    assert MAX_BYTES == 16 * 1024
    assert (lockout_time.FIRST_LOCKOUT, lockout_time.MAX_LOCKOUT) == (30, 3600)
    assert trusted_browser.MAX_AGE == 400 * 86_400


def test_a_failed_login_leaves_time_for_all_that_happens_inside() -> None:
    """The fixed time is below the function's own, or every refusal would be a timeout."""
    most = TEMPLATE.document["Parameters"]["FailedAnswerMs"]["MaxValue"]
    assert all(most < one.timeout * 1000 for one in TEMPLATE.functions.values())
