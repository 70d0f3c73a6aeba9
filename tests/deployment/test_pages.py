"""The pages in the cloud: the headers of the laptop, a whole upload, a configuration from the stack's outputs."""

from __future__ import annotations

import json
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import boto3
import pytest
import yaml

from smartident_laptop.gateway.pages import SECURITY_HEADERS
from smartident_laptop.template import ROOT
from tools import pages
from tools.pages import CONFIG, configuration, files, target, upload

TEXT = (ROOT / "template.yaml").read_text(encoding="utf-8")
OUTPUTS = {"HttpApiUrl": "https://api.example.test"}
PARAMETERS = {"ClientId": "financeapp", "AppWebUrl": "https://app.example.test/"}


def cloud_headers() -> dict[str, str]:
    plain = yaml.safe_load(re.sub(r"!(\w+)", "", TEXT))
    config = plain["Resources"]["PagesHeaders"]["Properties"]["ResponseHeadersPolicyConfig"]
    security = config["SecurityHeadersConfig"]
    policy = security["ContentSecurityPolicy"]["ContentSecurityPolicy"][0]
    return {
        "content-security-policy": policy.replace("${Api}", "{api}").replace("${WebSocket}", "{websocket}"),
        "x-content-type-options": "nosniff",
        "x-frame-options": security["FrameOptions"]["FrameOption"],
        "referrer-policy": security["ReferrerPolicy"]["ReferrerPolicy"],
        **{item["Header"].lower(): item["Value"] for item in config["CustomHeadersConfig"]["Items"]},
    }


def test_the_cloud_sets_the_headers_that_the_laptop_sets() -> None:
    assert cloud_headers() == SECURITY_HEADERS


def test_the_pages_know_the_api_of_their_stack() -> None:
    assert '"apiUrl": "https://api.example.test"' in configuration(OUTPUTS, PARAMETERS)
    own = configuration(OUTPUTS, {**PARAMETERS, "PublicUrl": "https://own.example.test"})
    assert '"apiUrl": "https://own.example.test"' in own
    assert '"clientId": "financeapp"' in own
    assert '"web": "https://app.example.test/"' in own


@pytest.mark.parametrize("url", ["", "https://login.example.test"], ids=["not yet named", "named"])
def test_under_one_host_no_page_names_the_apis_own(url: str) -> None:
    told = configuration(OUTPUTS, {"ClientId": "financeapp", "OneHost": "yes", "PublicUrl": url})
    assert f'"apiUrl": "{url}"' in told
    assert '"web": "/app/"' in told
    assert OUTPUTS["HttpApiUrl"] not in told


def test_the_pages_lead_to_the_operators_own() -> None:
    links = "help=https://finance.example.test/?q=hilfe, forgotPassword=https://finance.example.test/neu,other=https://evil.example"
    told = json.loads(configuration(OUTPUTS, {**PARAMETERS, "PageLinks": links}).partition("=")[2].strip().rstrip(";"))
    assert told["links"] == {
        "help": "https://finance.example.test/?q=hilfe",
        "contact": "",
        "imprint": "",
        "privacy": "",
        "forgotPassword": "https://finance.example.test/neu",
    }


def test_the_configuration_has_the_members_of_the_one_in_web() -> None:
    def members(text: str) -> set[str]:
        return set(re.findall(r'^ *"?(\w+)"?:', text, re.MULTILINE)) - {"app_store", "play_store", "web"}

    written = (ROOT / "web" / CONFIG).read_text(encoding="utf-8")
    assert members(configuration(OUTPUTS, PARAMETERS)) == members(written.partition("export")[2])


def test_the_pages_go_where_the_functions_went() -> None:
    assert target(ROOT / "samconfig.toml", "prod") == ("smartident", "eu-central-1")


SERVED = {"PagesUrl": "https://d1.cloudfront.net", "PagesBucketName": "pages", "PagesDistributionId": "D1"}


@pytest.mark.parametrize(
    ("outputs", "url", "said"),
    [
        (SERVED, "https://login.example.test", "files of web/ are at https://login.example.test\n"),
        (SERVED, "", "files of web/ are at https://d1.cloudfront.net\n"),
        ({}, "", "smartident serves no pages (ServePages=no)\n"),
    ],
    ids=["named", "by CloudFront's name", "elsewhere"],
)
def test_the_last_line_of_a_deploy_says_where_the_login_page_is(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], outputs: dict[str, str], url: str, said: str
) -> None:
    done: list[str] = []
    told = (OUTPUTS | outputs, PARAMETERS | {"PublicUrl": url, "OneHost": "yes"})
    cloudfront = SimpleNamespace(create_invalidation=lambda **asked: done.append(asked["DistributionId"]))
    monkeypatch.setattr(boto3, "client", lambda _: cloudfront)
    monkeypatch.setattr(pages, "described", lambda _: told)
    monkeypatch.setattr(pages, "upload", lambda bucket, *_, **__: done.append(bucket))
    pages.main("smartident")
    assert capsys.readouterr().out.endswith(said)
    assert done == (["pages", "D1"] if outputs else [])


def test_an_upload_makes_the_bucket_hold_the_pages_and_nothing_else(cloud: None) -> None:
    s3: Any = boto3.client("s3")
    s3.create_bucket(Bucket="pages", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    s3.put_object(Bucket="pages", Key="gone.js", Body=b"")
    upload("pages", "the configuration", s3=s3)
    upload("pages", "the configuration", s3=s3)
    stored = {entry["Key"] for entry in s3.list_objects_v2(Bucket="pages")["Contents"]}
    assert stored == set(files())
    assert {CONFIG, "missing.html", "smartident.js", "financeapp/index.html", "app/index.html"} <= stored
    assert not {key for key in stored if Path(key).name in {"tsconfig.json", "package.json"}}
    config = s3.get_object(Bucket="pages", Key=CONFIG)
    assert config["Body"].read() == b"the configuration"
    assert config["CacheControl"] == "no-cache"
    assert config["ContentType"].startswith("text/javascript")
