"""An operator's own app opens links of the pages' host: the files that Apple and Google ask for."""

from __future__ import annotations

import json
import re
from typing import Any

import boto3
import pytest

from smartident_laptop.app_links import ANDROID, APPLE, app_links
from smartident_laptop.parameters import ParameterUnfit, checked
from smartident_laptop.template import ROOT, Template
from tools.pages import files, links_of, upload

IPHONE = "A1B2C3D4E5.com.example.smartident"
FIRST, SECOND = ":".join(["0A"] * 32), ":".join(["FF"] * 32)
BOTH = {"AppleApps": IPHONE, "AndroidApps": f"com.example.smartident={FIRST},com.example.smartident={SECOND}"}
DECLARED: dict[str, Any] = Template().document["Parameters"]


def behaviors(**parameters: str) -> dict[str, dict[str, Any]]:
    """What of a shared host goes where."""
    template = Template(parameters={"OneHost": "yes", "PublicUrl": "https://login.example.com", **parameters})
    ((_, properties),) = template.resources("AWS::CloudFront::Distribution")
    found = template.resolve(properties)["DistributionConfig"]["CacheBehaviors"]
    return {one["PathPattern"]: one for one in found}


def test_apple_reads_which_apps_open_links_to_the_app_and_use_its_passkeys() -> None:
    assert json.loads(links_of(BOTH)[APPLE]) == {
        "applinks": {"details": [{"appIDs": [IPHONE], "components": [{"/": "/app/*"}]}]},
        "webcredentials": {"apps": [IPHONE]},
    }


def test_google_reads_a_package_once_with_all_its_certificates() -> None:
    assert json.loads(links_of(BOTH)[ANDROID]) == [
        {
            "relation": ["delegate_permission/common.handle_all_urls", "delegate_permission/common.get_login_creds"],
            "target": {
                "namespace": "android_app",
                "package_name": "com.example.smartident",
                "sha256_cert_fingerprints": [FIRST, SECOND],
            },
        }
    ]


def test_an_app_that_nobody_has_has_no_file() -> None:
    assert links_of({}) == app_links([""], [" "]) == {}
    assert links_of({"AppleApps": IPHONE}).keys() == {APPLE}


def test_the_bucket_holds_the_files_as_json_until_the_parameter_is_empty(cloud: None) -> None:
    s3: Any = boto3.client("s3")
    s3.create_bucket(Bucket="app-links", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    upload("app-links", "the configuration", s3=s3, links=links_of(BOTH))
    for key in (APPLE, ANDROID):
        stored = s3.get_object(Bucket="app-links", Key=key)
        assert stored["ContentType"] == "application/json"
        assert stored["Body"].read() == links_of(BOTH)[key]
    upload("app-links", "the configuration", s3=s3, links=links_of({"AppleApps": IPHONE}))
    assert {one["Key"] for one in s3.list_objects_v2(Bucket="app-links")["Contents"]} == {*files(), APPLE}


def test_a_shared_host_serves_them_before_the_apis_own_paths() -> None:
    found = behaviors(**BOTH)
    order = list(found)
    for path in (f"/{APPLE}", f"/{ANDROID}"):
        assert found[path]["TargetOriginId"] == "pages"
        assert order.index(path) < order.index("/.well-known/*")


@pytest.mark.parametrize(("name", "path"), [("AppleApps", APPLE), ("AndroidApps", ANDROID)])
def test_a_shared_host_without_an_app_leaves_the_path_to_the_api(name: str, path: str) -> None:
    assert f"/{path}" in behaviors(**BOTH)
    assert f"/{path}" not in behaviors(**{**BOTH, name: ""})


def test_a_path_without_an_ending_is_redirected_nowhere() -> None:
    """Apple's file has no dot in its name, which is what folders look like to the function."""
    ((_, function),) = Template().resources("AWS::CloudFront::Function")
    code = Template().resolve(function)["FunctionCode"]
    passed = code.index('if (uri.startsWith("/.well-known/")) return request;')
    assert passed < min(found.start() for found in re.finditer(r"return moved\(", code))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("AppleApps", "com.example.smartident"),
        ("AppleApps", "a1b2c3d4e5.com.example"),
        ("AppleApps", f"{IPHONE} x"),
        ("AndroidApps", "com.example.smartident"),
        ("AndroidApps", f"com.example.smartident={FIRST[:-3]}"),
        ("AndroidApps", f"com.example.smartident={FIRST.replace(':', '')}"),
        ("AndroidApps", f"smartident={FIRST}"),
    ],
    ids=["no team", "team in small letters", "two words", "no fingerprint", "31 bytes", "no colons", "no package"],
)
def test_the_template_takes_no_app_that_the_files_could_not_name(name: str, value: str) -> None:
    with pytest.raises(ParameterUnfit):
        checked(DECLARED, name, value)
    assert checked(DECLARED, name, BOTH[name]) == BOTH[name]


def test_no_function_hears_of_the_apps() -> None:
    assert Template(parameters=BOTH).environment == Template().environment
    assert "AppleApps" in (ROOT / "docs/operate.md").read_text(encoding="utf-8")
