"""What a stranger meets first: a workflow that runs CI, forms to fill in, a README that says where it runs."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml

from smartident_laptop.template import ROOT

GITHUB = ROOT / ".github"
README = (ROOT / "README.md").read_text(encoding="utf-8")
FORMS = sorted(path for path in (GITHUB / "ISSUE_TEMPLATE").glob("*.yml") if path.name != "config.yml")


def read(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((GITHUB / name).read_text(encoding="utf-8"))
    return loaded


def test_the_workflow_runs_what_ci_runs_and_may_change_nothing() -> None:
    workflow = read("workflows/ci.yml")
    assert [step["run"] for step in workflow["jobs"]["ci"]["steps"] if "run" in step][-1] == ".ci/run"
    assert workflow["permissions"] == {"contents": "read"}


@pytest.mark.parametrize("form", FORMS, ids=lambda path: path.stem)
def test_a_form_asks_each_question_once_and_needs_some_answers(form: Any) -> None:
    told = yaml.safe_load(form.read_text(encoding="utf-8"))
    assert {"name", "description", "body"} <= set(told)
    fields = [field for field in told["body"] if field["type"] != "markdown"]
    assert len({field["id"] for field in fields}) == len(fields)
    assert all(field["attributes"]["label"] for field in fields)
    assert any(field.get("validations", {}).get("required") for field in fields)


def test_nobody_reports_a_hole_in_public() -> None:
    config = read("ISSUE_TEMPLATE/config.yml")
    assert config["blank_issues_enabled"] is False
    assert "SECURITY.md" in config["contact_links"][0]["about"]


def test_the_readme_names_systems_and_browsers() -> None:
    for name in ("Linux", "macOS", "WSL2", "Safari", "Chrome", "Edge", "Firefox", "Samsung Internet", "WebSocket API"):
        assert name in README


@pytest.mark.parametrize("paper", ["README.md", "CONTRIBUTING.md", "CODE_OF_CONDUCT.md", "SECURITY.md", "CHANGELOG.md"])
def test_every_link_of_the_front_door_leads_somewhere(paper: str) -> None:
    text = (ROOT / paper).read_text(encoding="utf-8")
    targets = re.findall(r"\]\((?!https?:|mailto:|#)([^)#]+)", text)
    assert [target for target in targets if not (ROOT / target).exists()] == []


def test_the_changelog_begins_with_the_version_that_stands() -> None:
    version = re.search(r'^version = "(.+)"$', (ROOT / "pyproject.toml").read_text(encoding="utf-8"), re.MULTILINE)
    released = re.findall(r"^## \[(.+)\]", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert version
    assert released[0] == version[1]
    assert released == sorted(released, key=lambda name: [int(part) for part in name.split(".")], reverse=True)


def test_editors_write_as_the_formatter_does() -> None:
    text = (ROOT / ".editorconfig").read_text(encoding="utf-8")
    python = text.partition("[*.py]")[2].partition("[")[0]
    assert "max_line_length = 120" in python
    assert "line-length = 120" in (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert "indent_style = tab" in text.partition("[Makefile]")[2].partition("[")[0]
