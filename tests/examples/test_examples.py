"""The pages of examples/, walked in a real Chromium against a stack that was told of them as `make run` is."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect, sync_playwright

from smartident_client.keystore import KeyStore
from smartident_client.phone import Phone
from smartident_laptop.demo.accounts import JONAS, MIRIAM
from smartident_laptop.options import read_options
from smartident_laptop.stack import Stack
from smartident_laptop.template import ROOT

EXAMPLES = ROOT / "examples"
CHROMIUM = "/usr/bin/chromium"
WAIT = 20


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


@contextmanager
def plain(port: int, stack: Stack, folder: Path) -> Iterator[str]:
    """The plain page, served as its README says; its address."""
    shutil.copytree(EXAMPLES / "plain", folder, dirs_exist_ok=True)
    shutil.copy(ROOT / "web/smartident.js", folder)
    command = [sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1", "--directory", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:  # noqa: S603  Python's own
        yield f"http://localhost:{port}/?api={stack.url}"
        server.terminate()


@contextmanager
def vite(port: int, stack: Stack, folder: Path, *, example: str = "vite") -> Iterator[str]:
    """The page under Vite's development server; it must build, too."""
    tool = EXAMPLES / example / "node_modules/.bin/vite"
    if not tool.is_file():
        pytest.skip("Vite is not installed: make test-examples does that, where the npm registry answers")
    environment = {**os.environ, "VITE_API_URL": stack.url}
    where = {"cwd": EXAMPLES / example, "env": environment, "stdout": subprocess.DEVNULL}
    subprocess.run([tool, "build", "--outDir", folder / "dist"], check=True, **where)  # type: ignore[call-overload]  # noqa: S603  made by make
    command = [tool, "--port", str(port), "--clearScreen", "false"]
    with subprocess.Popen(command, **where) as server:  # type: ignore[call-overload]  # noqa: S603  made by make
        yield f"http://localhost:{port}/"
        server.terminate()


def react(port: int, stack: Stack, folder: Path) -> AbstractContextManager[str]:
    """The same page in React, with the npm package."""
    return vite(port, stack, folder, example="react")


def answers(address: str) -> bool:
    try:
        return httpx.get(address, trust_env=False).is_success
    except httpx.TransportError:
        return False


@pytest.fixture
def browser_page() -> Iterator[Page]:
    if not Path(CHROMIUM).exists():
        pytest.skip("Debian's Chromium is not installed: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser.new_page()
        browser.close()


def log_in(page: Page, number: str, password: str) -> None:
    page.get_by_label("Access number").fill(number)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button").click()


@pytest.mark.browser
@pytest.mark.parametrize("served", [plain, vite, react], ids=["plain", "vite", "react"])
def test_a_page_of_ones_own_logs_people_in(served: object, browser_page: Page, tmp_path: Path) -> None:
    port, page = free_port(), browser_page
    told = read_options(["--client", f"app=http://localhost:{port}/done"])
    with Stack(clients=told.clients) as stack, served(port, stack, tmp_path / "page") as address:  # type: ignore[operator]  # either of two functions
        wait_for(address)
        page.goto(address)
        log_in(page, JONAS.number, "falsch")
        expect(page.get_by_role("status")).to_contain_text("do not match")
        log_in(page, JONAS.number, JONAS.password)
        expect(page.get_by_role("status")).to_have_text("You are signed in")
        approve_on_the_phone(page, address, stack, tmp_path)
        expect(page).to_have_url(f"http://localhost:{port}/done" + ("/" if served is plain else ""))
        expect(page.get_by_role("status")).to_have_text("You are signed in")


def approve_on_the_phone(page: Page, address: str, stack: Stack, folder: Path) -> None:
    stack.enrol(MIRIAM, folder / "phone.json")
    page.goto(address)
    log_in(page, MIRIAM.number, MIRIAM.password)
    expect(page.get_by_role("status")).to_contain_text("in the app")
    code = "".join(filter(str.isdigit, page.get_by_role("status").inner_text()))
    with Phone(stack.url, KeyStore(folder / "phone.json")) as phone:
        phone.approve(phone.approvals()[0], code)


def wait_for(address: str) -> None:
    for _ in range(WAIT * 10):
        if answers(address):
            return
        time.sleep(0.1)
    pytest.fail(f"nobody serves {address}")
