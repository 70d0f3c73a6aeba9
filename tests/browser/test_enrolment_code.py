"""A first phone with access number and enrolment code, in a real browser: from a link, typed, scanned."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from smartident_laptop.demo.accounts import ANNA
from tests.browser.test_scanning import CAMERA, NO_READER
from tests.browser.watch import accessibility_faults

if TYPE_CHECKING:
    from smartident_laptop.stack import Stack
    from tests.browser.phone import Phone

pytestmark = pytest.mark.browser
STORED = "Der Zugang wurde erfolgreich hinterlegt"
ISSUE = """
import os, sys, time
from smartident.accounts.names import accounts_named
from smartident.enrolment.issue import issue_enrolment_code
print(issue_enrolment_code(accounts_named(sys.argv[1])[0].id, issued_by="petra", now=int(time.time())).code)
"""


@pytest.fixture
def code(stack: Stack) -> str:
    """What an operator handed over for Anna."""
    environment = {**os.environ, **stack.environment, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", ISSUE, ANNA.number]
    told = subprocess.run(command, env=environment, capture_output=True, check=True, text=True)  # noqa: S603  our own
    return told.stdout.strip()


def finish(phone: Phone) -> None:
    """What comes after the code was right."""
    phone.page.locator("form .button.main").click()
    phone.page.get_by_role("heading", name="Der Code stimmt").wait_for()
    assert accessibility_faults(phone.page) == []
    phone.page.locator("#finish").click()
    expect(phone.page.get_by_role("heading", name=STORED)).to_be_visible()


def test_a_link_fills_both_in_and_stays_in_no_address(phone: Phone, stack: Stack, code: str) -> None:
    sent = phone.count_sms(ANNA)
    phone.page.goto(f"{stack.url}/app/#/enrolment-code/{code}.{ANNA.number}")
    expect(phone.page.locator("#enrolment_code")).to_have_value(code)
    expect(phone.page.locator("#identifier")).to_have_value(ANNA.number)
    assert phone.page.url == f"{stack.url}/app/#/enrolment-code"
    assert accessibility_faults(phone.page) == []
    finish(phone)
    assert phone.count_sms(ANNA) == sent


def test_number_and_code_are_typed_and_a_wrong_code_is_told_beside_it(phone: Phone, stack: Stack, code: str) -> None:
    phone.page.goto(f"{stack.url}/app/#/new")
    phone.page.locator("#by-code").click()
    phone.page.locator("#identifier").fill(ANNA.number)
    phone.page.locator("#enrolment_code").fill("AAAA-AAAA-AAAA-AAAA")
    phone.page.locator("form .button.main").click()
    phone.page.locator("#enrolment_code[aria-invalid]").wait_for()
    expect(phone.page.locator("#enrolment_code-error")).to_contain_text("passen nicht zusammen")
    assert accessibility_faults(phone.page) == []
    phone.page.locator("#enrolment_code").fill(f"{code[:4].lower()} {code[4:]}")
    finish(phone)


def test_the_picture_is_scanned(phone: Phone, stack: Stack, code: str) -> None:
    phone.page.add_init_script(CAMERA + NO_READER)
    phone.page.goto(f"{stack.url}/app/#/enrolment-code")
    phone.page.locator("#scan").click()
    phone.page.locator("dialog video").wait_for()
    # As a client's answer has it, in groups.
    spelled = "-".join(code[start : start + 4] for start in range(0, 16, 4))
    phone.page.evaluate("(text) => show(text)", f"https://app.example/#/enrolment-code/{spelled}.{ANNA.number}")
    expect(phone.page.locator("#enrolment_code")).to_have_value(spelled)
    finish(phone)


def test_a_setup_that_was_closed_before_its_end_goes_on(phone: Phone, stack: Stack, code: str) -> None:
    phone.page.goto(f"{stack.url}/app/#/enrolment-code/{code}.{ANNA.number}")
    phone.page.locator("form .button.main").click()
    phone.page.locator("#finish").wait_for()
    phone.page.goto(f"{stack.url}/app/#/")
    phone.page.reload()
    phone.page.locator("a.tile", has_text="Einrichtungscode stimmt").click()
    phone.page.locator("#finish").click()
    expect(phone.page.get_by_role("heading", name=STORED)).to_be_visible()
