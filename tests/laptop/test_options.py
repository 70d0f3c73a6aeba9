"""What a developer tells `make run`, and what it says to what does not fit."""

from __future__ import annotations

import pytest

from smartident_laptop.demo.accounts import DEMO_REDIRECT_URIS, DemoClient, demo_clients
from smartident_laptop.options import origin_of, read_options

VITE = "http://localhost:5173"


def test_a_developers_page_is_one_line() -> None:
    told = read_options(
        [
            "--origin",
            VITE,
            "--client",
            f"app={VITE}/done",
            "--set",
            "UnansweredLogins=100",
            "--public-url",
            "https://a.example/",
        ]
    )
    assert told.origins == (VITE,)
    assert told.clients == (DemoClient("app", "app", (VITE,), (f"{VITE}/done",)),)
    assert told.parameters == {"UnansweredLogins": "100"}
    assert told.public_url == "https://a.example"


def test_a_program_of_openid_connect_says_where_it_hears_of_a_login() -> None:
    pgadmin = "http://localhost:5050/oauth2/authorize"
    assert read_options(["--redirect-uri", pgadmin]).redirect_uris == (pgadmin,)
    demo, *_ = demo_clients((), "http://localhost:8080", (pgadmin,))
    assert demo.redirect_uris == (pgadmin, *DEMO_REDIRECT_URIS)
    assert demo.post_logout_redirect_uris[0] == "http://localhost:5050/"


def test_each_client_has_its_own_page_and_those_of_the_developer() -> None:
    told = read_options(
        ["--client", "a=https://a.example/x?y=1", "--client", f"b={VITE}/", "--origin", "http://127.0.0.1:5173"]
    )
    assert [client.origins for client in told.clients] == [
        ("https://a.example", "http://127.0.0.1:5173"),
        (VITE, "http://127.0.0.1:5173"),
    ]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--set", "UnansweredLogin=9"], "do you mean UnansweredLogins?"),
        (["--set", "UnansweredLogins"], "NAME=VALUE"),
        (["--set", "UnansweredLogins=101"], "a number from 1 to 100"),
        (["--set", "UnansweredLogins=many"], "a number from 1 to 100"),
        (["--set", "TransferCodeDigits=5"], "one of 0, 6, 8"),
        (["--set", "SmsCountries=DE,XX"], "of a country whose calling code the service knows"),
        (["--set", "SmsOriginHost=" + "x" * 50], "at most 49 characters"),
        (["--set", "SmsSenderId=four words of text"], "1 to 11 letters and digits"),
        (["--origin", VITE + "/"], f"take {VITE}"),
        (["--origin", "localhost:5173"], "--origin"),
        (["--client", "app"], "--client"),
        (["--redirect-uri", "/callback"], "--redirect-uri"),
        (["--redirect-uri", "http://localhost:5050/#here"], "--redirect-uri"),
        (["--client", "a b=http://localhost/"], "--client"),
        (["--client", "app=ftp://localhost/"], "--client"),
        (["--client", "financeapp=http://localhost:1/"], "ClientRedirectUri"),
        (["--client", "a=http://x.example/", "--client", "a=http://y.example/"], "once each"),
        (["--public-url", "https://a.example/base"], "take https://a.example"),
        (["--public-url", "https://me:word@a.example"], "--public-url"),
        (["--lan"], "--public-url"),
        (["--port", "65536"], "--port"),
    ],
    ids=lambda value: " ".join(value)[:40] if isinstance(value, list) else "",
)
def test_what_does_not_fit_is_told_in_one_sentence(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        read_options(words)
    assert ended.value.code == 2
    assert said in capsys.readouterr().err.splitlines()[-1]


@pytest.mark.parametrize(
    ("uri", "origin"),
    [
        ("https://a.example:443/x", "https://a.example"),
        ("HTTP://A.Example:80", "http://a.example"),
        ("http://a.example:8080/?q", "http://a.example:8080"),
    ],
)
def test_an_origin_is_written_as_a_browser_sends_it(uri: str, origin: str) -> None:
    assert origin_of(uri) == origin
