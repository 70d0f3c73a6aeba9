"""docs.py stage|api: what the generator reads and what it leaves to us.

`stage` copies docs/ for the generator, without the links that lead out of it: the site has no such pages. `api` puts
the page of the API beside the others, rendered by Redoc where npm could fetch it, else the plain one.
"""

from __future__ import annotations

import re
import shutil
import sys
from functools import partial
from typing import TYPE_CHECKING

from smartident_laptop.gateway.api_page import OPENAPI, api_page
from smartident_laptop.template import ROOT

if TYPE_CHECKING:
    from pathlib import Path

DOCS = ROOT / "docs"
PAPERS = ROOT / ".site" / "papers"
SITE = ROOT / ".site" / "html"
REDOC = ROOT / ".cache/contract/node_modules/redoc/bundles/redoc.standalone.js"
LINK = re.compile(r"\[([^]]+)\]\((\.\./[^)]+)\)")
PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>smartIDENT: API</title>
<body><redoc spec-url="openapi.yaml" disable-search></redoc><script src="redoc.js"></script></body></html>
"""


def stage(papers: Path = PAPERS) -> None:
    """Copy the docs, and name what stands elsewhere in the repository instead of linking to it."""
    shutil.rmtree(papers, ignore_errors=True)
    shutil.copytree(DOCS, papers)
    shutil.copy(ROOT / "zensical.toml", papers.parent)
    for paper in papers.rglob("*.md"):
        text = paper.read_text(encoding="utf-8")
        inside = partial(_inside, folder=DOCS / paper.relative_to(papers).parent)
        paper.write_text(LINK.sub(inside, text), encoding="utf-8")


def _inside(link: re.Match[str], folder: Path) -> str:
    target = (folder / link[2].partition("#")[0]).resolve()
    if target.is_relative_to(DOCS):
        return link[0]
    return f"{link[1]} (`{target.relative_to(ROOT)}` in the repository)"


def api(site: Path = SITE) -> bool:
    """Write the API's page; whether Redoc renders it."""
    rendered = REDOC.is_file()
    if rendered:
        shutil.copyfile(REDOC, site / "api" / "redoc.js")
    text = PAGE if rendered else api_page(OPENAPI.read_text(encoding="utf-8"))
    (site / "api" / "index.html").write_text(text, encoding="utf-8")
    return rendered


if __name__ == "__main__":
    if sys.argv[1] == "stage":
        stage()
    else:
        print(f"{SITE}/index.html; the API is rendered by {'Redoc' if api() else 'our own plain page'}")
