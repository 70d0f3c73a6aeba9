"""`/docs` of the laptop: the API is there without a generator, and the built site where there is one."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from smartident.http.problems import PROBLEMS
from smartident_laptop.gateway.docs import Docs
from smartident_laptop.gateway.pages import Pages
from smartident_laptop.template import Template
from tests.laptop.conftest import Running
from tools.docs import api, stage


@dataclass(frozen=True)
class Reader:
    """Somebody who reads /docs; `site` is where the built site would be."""

    site: Path

    def get(self, path: str) -> httpx.Response:
        docs = Docs(Pages(api="http://localhost", websocket="ws://localhost"), self.site)
        app = Starlette(routes=[Route("/docs", docs.answer), Route("/docs/{name:path}", docs.answer)])

        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(app)
            async with httpx.AsyncClient(transport=transport, base_url="http://l", follow_redirects=True) as client:
                return await client.get(path)

        return asyncio.run(ask())


@pytest.fixture
def plain(tmp_path: Path) -> Reader:
    return Reader(tmp_path / "none")


def test_the_stack_serves_docs_without_calling_a_function(gateway: Running) -> None:
    assert gateway.send("GET", "/docs").headers["location"] == "/docs/"
    assert gateway.send("GET", "/docs/api/").status_code == 200
    assert gateway.functions.events == []


def test_the_api_is_rendered_from_its_document_alone(plain: Reader) -> None:
    shown = plain.get("/docs/api/").text
    for route in Template().routes:
        assert f"{route.method} <code>{route.path}</code>" in shown
    assert all(f"<summary>{code}</summary>" in shown for code in PROBLEMS)
    linked = set(re.findall(r'href="#(\w+)"', shown))
    assert linked
    assert linked <= set(re.findall(r'id="(\w+)"', shown))


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/docs/", "text/html"),
        ("/docs/flow.md", "text/plain"),
        ("/docs/api/openapi.yaml", "text/plain"),
        ("/docs/images/app-home-de-dark.png", "image/png"),
    ],
)
def test_what_is_not_built_is_readable_all_the_same(plain: Reader, path: str, kind: str) -> None:
    answer = plain.get(path)
    assert (answer.status_code, answer.headers["content-type"].partition(";")[0]) == (200, kind)
    assert "default-src 'self'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize("path", ["/docs/..%2ftemplate.yaml", "/docs/.git", "/docs/none.md"])
def test_nothing_but_docs_is_served(plain: Reader, path: str) -> None:
    assert plain.get(path).status_code == 404


def test_a_site_that_was_built_goes_first(tmp_path: Path) -> None:
    (tmp_path / "flow").mkdir()
    (tmp_path / "index.html").write_text("built")
    (tmp_path / "flow/index.html").write_text("the flow")
    served, paths = Reader(tmp_path), ("/docs/", "/docs/flow/", "/docs/flow")
    assert [served.get(path).text for path in paths] == [
        "built",
        "the flow",
        "the flow",
    ]


def test_the_site_has_no_link_out_of_itself(tmp_path: Path) -> None:
    stage(tmp_path / "papers")
    for paper in (tmp_path / "papers").rglob("*.md"):
        for target in re.findall(r"\]\((?!https?:|mailto:)([^)#]+)", paper.read_text(encoding="utf-8")):
            assert (paper.parent / target).resolve().is_relative_to((tmp_path / "papers").resolve()), (paper, target)
            assert (paper.parent / target).exists(), (paper, target)
    assert (tmp_path / "zensical.toml").is_file()


def test_the_sites_contents_name_every_paper(tmp_path: Path) -> None:
    stage(tmp_path / "papers")
    named = set(re.findall(r'"([\w/.-]+\.md)"', (tmp_path / "zensical.toml").read_text(encoding="utf-8")))
    papers = {str(path.relative_to(tmp_path / "papers")) for path in (tmp_path / "papers").rglob("*.md")}
    assert {name for name in papers - named if not name.startswith(("decisions/", "guide/"))} == set()
    assert named <= papers


def test_the_api_has_its_page_with_or_without_redoc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "api").mkdir()
    monkeypatch.setattr("tools.docs.REDOC", tmp_path / "redoc.standalone.js")
    assert not api(tmp_path)
    assert "POST <code>/v1/logins</code>" in (tmp_path / "api/index.html").read_text(encoding="utf-8")
    (tmp_path / "redoc.standalone.js").write_text("redoc")
    assert api(tmp_path)
    assert (tmp_path / "api/redoc.js").read_text(encoding="utf-8") == "redoc"
