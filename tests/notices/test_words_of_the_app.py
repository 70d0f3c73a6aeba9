"""What a notice sends people to look for in the app and on its pages is called there as the notice says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from smartident.notices import texts

ROOT = Path(__file__).parents[2]

QUOTED = {"de": re.compile("„([^“]+)“"), "en": re.compile("“([^”]+)”")}


@pytest.mark.parametrize("language", ["de", "en"])
def test_what_a_notice_names_stands_on_the_screen(language: str) -> None:
    said = [*texts.SENTENCES[language].values(), texts.OBJECTIONS[language], texts.LINKS[language]]
    named = {name for text in said for name in QUOTED[language].findall(text)}
    assert len(named) >= 4
    shown = "\n".join(file.read_text() for file in ROOT.glob(f"web/*/language/{language}.js"))
    assert {name for name in named if f'"{name}"' not in shown} == set()
