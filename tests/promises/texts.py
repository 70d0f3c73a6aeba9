"""The pages' sentences, read from their language files without running them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from smartident_laptop.template import ROOT

if TYPE_CHECKING:
    from pathlib import Path

FOLDERS = [path.relative_to(ROOT) for path in sorted((ROOT / "web").rglob("language")) if path.is_dir()]
_SENTENCE = r'"(?:[^"\\]|\\.)*"|`(?:[^`\\]|\\.)*`'


def keys(text: str) -> list[str]:
    """The keys of an object literal in order, whatever depth, its sentences and comments left out."""
    bare = re.sub(rf"{_SENTENCE}|/\*.*?\*/|//[^\n]*", "''", text, flags=re.DOTALL)
    return re.findall(r"\b([A-Za-z_]\w*):", bare)


def block(path: Path, name: str) -> dict[str, str]:
    """A flat object of sentences within a language file."""
    found = re.search(rf"\b{name}: \{{(.*?)\n?\s*\}}", path.read_text(encoding="utf-8"), re.DOTALL)
    assert found, f"{name} in {path}"
    return dict(re.findall(rf"([A-Za-z_]\w*): ({_SENTENCE})", found[1]))
