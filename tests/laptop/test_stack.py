"""`make run` as its developer lives it: one command, one port, and no trace of it afterwards."""

import os
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from smartident_client.keystore import KeyStore
from smartident_laptop.__main__ import STATE
from smartident_laptop.demo.accounts import (
    ANNA,
    CUSTOMER,
    DEMO_ACCOUNTS,
    DEMO_BANK_CLIENT,
    DEMO_SECRET,
    JONAS,
    MIRIAM,
    DemoClient,
)
from smartident_laptop.gateway.events import Request, http_event, now
from smartident_laptop.ports import LOOPBACK, PortTaken, bind
from smartident_laptop.runtime.containers import Containers, FunctionFailed
from smartident_laptop.stack import Stack
from smartident_laptop.template import ROOT, Function, Template
from tests.support.seeded_table import SeededTable

SHOP_PAGE = "https://shop.example.test"
SHOP = DemoClient("shop", "Laden", (SHOP_PAGE,), (f"{SHOP_PAGE}/home",))
LOGIN = {"identifier": JONAS.number, "password": JONAS.password}


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    with Stack(clients=[SHOP]) as running:
        yield running


@pytest.fixture(scope="module")
def seeded_table(stack: Stack) -> SeededTable:
    return SeededTable(stack)


@pytest.fixture(autouse=True)
def as_seeded(seeded_table: SeededTable) -> None:
    """Every test meets the seeded people without a phone, in any order."""
    seeded_table.put_back()


def call(stack: Stack, method: str, path: str, **sent: Any) -> httpx.Response:
    with httpx.Client(base_url=stack.url, trust_env=False) as client:
        return client.request(method, path, **sent)


def test_the_seeded_people_can_log_in(stack: Stack) -> None:
    assert len({person.number for person in DEMO_ACCOUNTS}) == len(DEMO_ACCOUNTS)
    answer = call(stack, "POST", "/v1/logins", json=LOGIN)
    assert (answer.status_code, answer.json()["status"]) == (201, "approved")


def test_a_seeded_client_has_its_own_page_and_no_other_has_it(stack: Stack) -> None:
    ask = {**LOGIN, "client_id": "shop"}
    begun = call(stack, "POST", "/v1/logins", json=ask, headers={"Origin": SHOP_PAGE})
    assert (begun.status_code, begun.headers["access-control-allow-origin"]) == (201, SHOP_PAGE)
    bearer = {"Authorization": f"Bearer {begun.json()['login_token']}"}
    done = call(stack, "POST", f"/v1/logins/{begun.json()['login_id']}/complete", headers=bearer)
    assert done.json()["redirect_to"] == f"{SHOP_PAGE}/home"
    for page, named in ((stack.url, ask), (SHOP_PAGE, LOGIN)):
        assert call(stack, "POST", "/v1/logins", json=named, headers={"Origin": page}).status_code == 403


def test_a_back_end_with_passwords_of_its_own_is_ready(stack: Stack) -> None:
    bank, anna = (DEMO_BANK_CLIENT, DEMO_SECRET), {"login_hint": f"{CUSTOMER}{ANNA.number}"}
    asked = call(stack, "POST", "/oauth2/bc-authorize", auth=bank, data={**anna, "scope": "openid"})
    assert (asked.status_code, len(asked.json()["transfer_code"])) == (200, 7)
    issued = call(stack, "POST", "/oauth2/enrolment-codes", auth=bank, data=anna)
    assert (issued.status_code, issued.json()["access_number"]) == (200, ANNA.number)


def test_an_enrolled_phone_keeps_its_keys_to_itself(stack: Stack, tmp_path: Path) -> None:
    file = tmp_path / "phone.json"
    stack.enrol(MIRIAM, file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [account.access_number for account in KeyStore(file).accounts()] == [MIRIAM.number]


def test_the_inbox_shows_every_sms_and_only_what_is_new(stack: Stack, tmp_path: Path) -> None:
    seen, began = len(stack.sms_messages()), time.time()
    stack.enrol(MIRIAM, tmp_path / "phone.json")
    (sms,) = stack.sms_messages(seen)
    assert (sms.number, sms.phone) == (seen + 1, MIRIAM.phone)
    assert began <= sms.sent_at <= time.time()
    listed = call(stack, "GET", f"/sms.json?since={seen}").json()["messages"]
    assert [entry["text"] for entry in listed] == [sms.text]
    assert call(stack, "GET", "/sms.json?since=all").status_code == 200


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/financeapp/", "text/html"),
        ("/app/", "text/html"),
        ("/smartident.js", "text/javascript"),
        ("/sms", "text/html"),
        ("/sms/inbox.js", "text/javascript"),
        ("/mail", "text/html"),
    ],
)
def test_every_page_stands_under_a_strict_policy(stack: Stack, path: str, kind: str) -> None:
    answer = call(stack, "GET", path)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith(kind)
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert f"connect-src 'self' {stack.url} ws://localhost:{stack.port};" in policy
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(("path", "to"), [("/", "/financeapp/"), ("/app", "/app/")])
def test_a_short_address_leads_to_the_page(stack: Stack, path: str, to: str) -> None:
    assert call(stack, "GET", path).headers["location"] == to


@pytest.mark.parametrize(
    "path", ["/..%2ftemplate.yaml", "/app/..%2f..%2ftemplate.yaml", "/.env", "/sms/..%2f..%2fseed.py", "/language"]
)
def test_nothing_but_pages_is_served(stack: Stack, path: str) -> None:
    assert call(stack, "GET", path).status_code == 404


def test_another_sites_name_for_this_machine_opens_nothing(stack: Stack) -> None:
    for path in ("/sms.json", "/v1/devices", "/financeapp/"):
        assert call(stack, "GET", path, headers={"Host": f"rebound.example:{stack.port}"}).status_code == 400


def test_functions_are_read_anew_without_losing_state(stack: Stack) -> None:
    login = call(stack, "POST", "/v1/logins", json=LOGIN).json()
    stack.reload()
    bearer = {"Authorization": f"Bearer {login['login_token']}"}
    answer = call(stack, "GET", f"/v1/logins/{login['login_id']}", headers=bearer)
    assert (answer.status_code, answer.json()["status"]) == (200, "approved")


def test_broken_functions_leave_the_old_ones_running(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    assert stack.containers is not None
    with monkeypatch.context() as broken:
        broken.setattr(stack.containers, "_handlers", ["no_such_module.handler"])
        with pytest.raises(FunctionFailed, match="No module named 'no_such_module'"):
            stack.reload()
    assert call(stack, "POST", "/v1/logins", json=LOGIN).status_code == 201


def test_a_function_that_takes_too_long_is_ended_and_the_next_one_answers() -> None:
    slow = Function("Slow", "time.sleep", timeout=1, memory=128)
    containers = Containers({"Slow": slow}, {})
    with pytest.raises(FunctionFailed, match="TypeError"):
        containers.invoke("Slow", {})
    with pytest.raises(FunctionFailed, match="ended with status -9"):
        containers.call("tests.laptop.slow.handler", 30, name="Slow", timeout=1)
    assert containers.call("tests.laptop.slow.handler", 0, name="Slow") == "awake"
    containers.close()


def test_a_fault_is_shown_with_its_message_and_its_line() -> None:
    """The functions' own log leaves the message out, as it may hold what somebody typed."""
    told: list[str] = []
    broken = {"Broken": Function("Broken", "tests.laptop.broken.handler", 5, 128)}
    containers = Containers(broken, Template().environment, None, told.append)
    request = Request("GET", "/broken", [], "localhost")
    event = http_event(request, route="GET /broken", path_parameters={}, at=now())
    assert containers.invoke("Broken", event)["statusCode"] == 500
    assert containers.invoke("Broken", {**event, "rawPath": "/none"})["statusCode"] == 404
    containers.close()
    (trace,) = told
    assert "ZeroDivisionError: nothing goes into nothing" in trace
    assert "tests/laptop/broken.py" in trace


def test_one_writer_wins_however_many_write_at_once(stack: Stack) -> None:
    assert stack.cloud is not None
    client = stack.cloud.client("dynamodb")
    won: list[int] = []

    def write(number: int, row: str) -> None:
        try:
            client.put_item(
                TableName="smartident",
                Item={"pk": {"S": row}, "sk": {"S": "RACE"}},
                ConditionExpression="attribute_not_exists(pk)",
            )
        except client.exceptions.ConditionalCheckFailedException:
            return
        won.append(number)

    for row in ("RACE#1", "RACE#2", "RACE#3"):
        threads = [threading.Thread(target=write, args=(number, row)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(won) == 3


def test_a_taken_port_is_named() -> None:
    with bind(0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(PortTaken, match=str(port)):
            Stack(port).start()
        with pytest.raises(PortTaken, match=str(port)):
            Stack(cloud_port=port).start()


def run(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(  # noqa: S603  our own module
        [sys.executable, "-m", "smartident_laptop", *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "COLUMNS": "120"},
    )


def test_make_run_says_that_its_port_is_taken_and_gives_up() -> None:
    with bind(0) as taken:
        port = taken.getsockname()[1]
        process = run("--port", str(port))
        said, _ = process.communicate(timeout=20)
    assert process.returncode == 2
    assert f"Port {port} ist schon belegt" in said
    assert f"Port {port} is already in use" in said
    assert "Traceback" not in said


def test_a_second_one_leaves_the_files_of_the_first_alone() -> None:
    with bind(0) as taken:
        log = STATE / f"functions-{taken.getsockname()[1]}.log"
        STATE.mkdir(exist_ok=True)
        log.write_text("what the first one logged")
        run("--port", str(taken.getsockname()[1])).communicate(timeout=20)
    assert log.read_text() == "what the first one logged"
    log.unlink()


@pytest.fixture
def made_run() -> Iterator[tuple[subprocess.Popen[str], int]]:
    with bind(0) as free:
        port = free.getsockname()[1]
    process = run("--port", str(port))
    yield process, port
    process.kill()
    process.communicate()


def said_until(process: subprocess.Popen[str], word: str) -> str:
    assert process.stdout is not None
    said = ""
    while word not in said:
        line = process.stdout.readline()
        assert line, said
        said += line
    return said


def test_ctrl_c_ends_everything_without_a_word_of_error(made_run: tuple[subprocess.Popen[str], int]) -> None:
    process, port = made_run
    said = said_until(process, "Strg+C")
    process.send_signal(signal.SIGINT)
    rest, _ = process.communicate(timeout=20)
    assert process.returncode == 0
    assert "Traceback" not in said + rest
    assert all((STATE / name).is_file() for name in (f"functions-{port}.log", f"phone-{port}.json"))
    assert all(text in said for text in (f"http://localhost:{port}/financeapp/", JONAS.password, "100 200 301"))
    with socket.socket() as again:
        again.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        again.bind((LOOPBACK, port))


def test_a_changed_function_is_read_anew(made_run: tuple[subprocess.Popen[str], int]) -> None:
    process, _ = made_run
    said_until(process, "Strg+C")
    heard = threading.Event()

    def touch_until_heard() -> None:
        for _ in range(40):
            (ROOT / "functions" / "login" / "step.py").touch()
            if heard.wait(0.25):
                return

    touching = threading.Thread(target=touch_until_heard)
    touching.start()
    assert "functions/" in said_until(process, "neu geladen")
    heard.set()
    touching.join()
