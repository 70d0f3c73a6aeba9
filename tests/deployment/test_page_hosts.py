"""The hosts of the login page and the app: what CloudFront makes of a request, by the function in the template."""

from __future__ import annotations

import json
import shutil
import subprocess
from typing import Any

import pytest

from smartident_laptop.template import Template

LOGIN, APP = "login.example.com", "app.example.com"
ONE = Template(parameters={"OneHost": "yes", "PublicUrl": f"https://{LOGIN}"})
APART = Template(
    parameters={
        "OneHost": "yes",
        "PublicUrl": f"https://{LOGIN}",
        "AppWebUrl": f"https://{APP}/app/",
        "PagesDomains": f"{LOGIN},{APP}",
    }
)
ELSEWHERE = Template(
    parameters={
        "OneHost": "yes",
        "PublicUrl": f"https://{LOGIN}",
        "AppWebUrl": "https://phone.example.org/app/",
        "PagesDomains": LOGIN,
    }
)


def answered(template: Template, host: str, uri: str, query: dict[str, str] | None = None) -> str:
    """Where the function sends the viewer, or what it asks the bucket for."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("Node.js is not installed")
    ((_, function),) = template.resources("AWS::CloudFront::Function")
    told = {name: {"value": value} for name, value in (query or {}).items()}
    request = {"method": "GET", "uri": uri, "headers": {"host": {"value": host}}, "querystring": told}
    call = f"console.log(JSON.stringify(handler({json.dumps({'request': request})})))"
    script = f"{template.resolve(function)['FunctionCode']}\n{call}"
    ran = subprocess.run([node, "--eval", script], capture_output=True, check=True, text=True)  # noqa: S603  our own
    answer: dict[str, Any] = json.loads(ran.stdout)
    return str(answer["headers"]["location"]["value"] if "statusCode" in answer else answer["uri"])


@pytest.mark.parametrize(
    ("host", "uri", "answer"),
    [
        (LOGIN, "/", "/financeapp/"),
        (APP, "/", "/app/"),
        (LOGIN, "/financeapp/", "/financeapp/index.html"),
        (APP, "/app/", "/app/index.html"),
        (LOGIN, "/app/", f"https://{APP}/app/"),
        (LOGIN, "/app", f"https://{APP}/app"),
        (LOGIN, "/app/worker.js", f"https://{APP}/app/worker.js"),
        (APP, "/financeapp/", f"https://{LOGIN}/financeapp/"),
        (APP, "/financeapp/login.js", f"https://{LOGIN}/financeapp/login.js"),
        (APP, "/shared/base.css", "/shared/base.css"),
        (LOGIN, "/shared/base.css", "/shared/base.css"),
    ],
)
def test_hosts_apart_show_the_login_page_and_the_app_each_at_its_own(host: str, uri: str, answer: str) -> None:
    assert answered(APART, host, uri) == answer


@pytest.mark.parametrize("template", [ONE, ELSEWHERE], ids=["one host", "an app elsewhere"])
@pytest.mark.parametrize("path", ["/financeapp/", "/app/"])
def test_one_host_shows_both(template: Template, path: str) -> None:
    assert answered(template, LOGIN, path) == f"{path}index.html"
    assert answered(template, LOGIN, "/") == "/financeapp/"


def test_a_folder_without_its_slash_keeps_its_question() -> None:
    assert answered(ONE, LOGIN, "/financeapp", {"lang": "en", "x": "%20"}) == "/financeapp/?lang=en&x=%20"


@pytest.mark.parametrize(("uri", "answer"), [("//evil.example/x", "/evil.example/x/"), ("/x/", "/missing.html")])
def test_no_path_leads_to_somebody_elses_host(uri: str, answer: str) -> None:
    assert answered(ONE, LOGIN, uri) == answer


def test_the_function_is_as_small_as_cloudfront_takes() -> None:
    ((_, function),) = APART.resources("AWS::CloudFront::Function")
    assert len(APART.resolve(function)["FunctionCode"].encode()) <= 10_000
