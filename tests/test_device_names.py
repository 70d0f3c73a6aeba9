"""A phone's name is shown on other phones and terminals: it steers none of them."""

import msgspec
import pytest

from devices.step import NewName
from smartident.devices import DeviceName


@pytest.mark.parametrize("name", ["Erikas Telefon", "Größe 5 ✨", "a" * 64, "O'Neill & <b>"])
def test_people_name_their_phones_as_they_like(name: str) -> None:
    assert msgspec.convert({"name": name}, NewName).name == name


@pytest.mark.parametrize("name", ["", "a" * 65, "a\nb", "a\n", "\x1b[2J", "\x00", "a\x7f", "a\x9b0m"], ids=ascii)
def test_a_name_steers_no_terminal(name: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(name, DeviceName)
