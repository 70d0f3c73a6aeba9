"""The API as one plain page, made of openapi.yaml alone: for who has not built the docs with `make docs`."""

from __future__ import annotations

import html
import json
import re
from functools import cache
from typing import TYPE_CHECKING, Any

import yaml

from smartident_laptop.template import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

OPENAPI = ROOT / "docs" / "api" / "openapi.yaml"
METHODS = ("get", "post", "patch", "put", "delete")
PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{title}</title>
<style>body{{font:1rem/1.5 system-ui;max-width:60rem;margin:2rem auto;padding:0 1rem;color-scheme:light dark}}
table{{border-collapse:collapse;width:100%}}td{{border:1px solid #8884;padding:.3rem .6rem;vertical-align:top}}
pre{{overflow:auto;padding:.6rem;background:#8882}}code{{overflow-wrap:anywhere}}h2{{margin-top:3rem}}</style>
<body>{body}</body></html>
"""


def page(title: str, body: str) -> str:
    """A page in the plain style of these docs."""
    return PAGE.format(title=html.escape(title), body=body)


@cache
def api_page(text: str) -> str:
    """The page of an OpenAPI document."""
    document = yaml.safe_load(text)
    return page(document["info"]["title"], "\n".join(_Document(document).parts()))


class _Document:
    """Writes the parts of an OpenAPI document as HTML."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document

    def parts(self) -> Iterator[str]:
        info = self.document["info"]
        yield f"<h1>{html.escape(info['title'])} {info['version']}</h1>{_prose(info['description'])}"
        yield '<p><a href="openapi.yaml">openapi.yaml</a> · <a href="asyncapi.yaml">asyncapi.yaml</a> (WebSocket)</p>'
        for path, item in self.document["paths"].items():
            for method in METHODS:
                if method in item:
                    yield from self._operation(method, path, item[method], item.get("parameters", []))
        yield "<h2>Schemas</h2>"
        for name, schema in self.document["components"]["schemas"].items():
            yield f'<h3 id="{name}">{name}</h3>{_source(schema)}'

    def _operation(self, method: str, path: str, told: dict[str, Any], shared: list[Any]) -> Iterator[str]:
        yield f'<h2 id="{told["operationId"]}">{method.upper()} <code>{html.escape(path)}</code></h2>'
        yield f"<p><b>{_inline(told['summary'])}</b></p>{_prose(told.get('description', ''))}"
        needs = [name for one in told.get("security", []) for name in one]
        if needs:
            yield f"<p>Needs: {', '.join(needs)}</p>"
        parameters = [self._followed(one) for one in (*shared, *told.get("parameters", []))]
        if parameters:
            yield _table((f"<code>{one['name']}</code>", one["in"], _inline(one["description"])) for one in parameters)
        for media in self._followed(told.get("requestBody", {})).get("content", {}).values():
            yield f"<h3>Body: {_named(media['schema'])}</h3>{self._examples(media)}"
        yield "<h3>Answers</h3>" + _table(
            (status, _inline(answer["description"]), self._bodies(answer))
            for status, answer in ((status, self._followed(one)) for status, one in told["responses"].items())
        )

    def _bodies(self, answer: dict[str, Any]) -> str:
        return "".join(
            f"{_named(media['schema'])}{self._examples(media)}" for media in answer.get("content", {}).values()
        )

    def _examples(self, media: dict[str, Any]) -> str:
        shown = ((name, self._followed(one)["value"]) for name, one in media.get("examples", {}).items())
        return "".join(
            f"<details><summary>{html.escape(name)}</summary>{_source(value)}</details>" for name, value in shown
        )

    def _followed(self, node: dict[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = node
        if "$ref" in node:
            found = self.document
            for step in node["$ref"].removeprefix("#/").split("/"):
                found = found[step]
        return found


def _named(schema: dict[str, Any]) -> str:
    name = schema.get("$ref", "").rpartition("/")[2]
    return f'<a href="#{name}">{name}</a>' if name else ""


def _source(value: object) -> str:
    text = html.escape(json.dumps(value, indent=2, ensure_ascii=False), quote=False)
    return "<pre>" + re.sub(r'"#/components/schemas/(\w+)"', r'<a href="#\1">\1</a>', text) + "</pre>"


def _inline(text: str) -> str:
    escaped = html.escape(str(text).strip())
    linked = re.sub(r"\[([^]]+)\]\([^)]+\)", r"\1", escaped)
    return re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", re.sub(r"`([^`]+)`", r"<code>\1</code>", linked), flags=re.DOTALL)


def _prose(text: str) -> str:
    return "".join(f"<p>{_inline(part)}</p>" for part in text.split("\n\n") if part.strip())


def _table(rows: Iterator[tuple[str, ...]]) -> str:
    lines = ("".join(f"<td>{cell}</td>" for cell in row) for row in rows)
    return "<table>" + "".join(f"<tr>{line}</tr>" for line in lines) + "</table>"
