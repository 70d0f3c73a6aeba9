"""The phone's file: only its owner reads it, and it is never half written."""

import json
import stat
from pathlib import Path

import pytest

from smartident_client.approval_keys import RawApprovalKey
from smartident_client.authenticator import Authenticator
from smartident_client.keys import Key
from smartident_client.keystore import Account, KeyStore, KeyStoreRefused


def some_account(name: str = "Erika M.", **approval_key: Authenticator) -> Account:
    key = approval_key.get("approval_key") or RawApprovalKey(Key.make())
    return Account("https://api.example", "a1", "100200300", name, Key.make(), key)


def test_only_the_owner_may_read_the_keys(keystore: KeyStore) -> None:
    keystore.keep(some_account())
    assert stat.S_IMODE(keystore.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(keystore.path.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o666], ids=oct)
def test_keys_that_others_could_touch_are_not_read(keystore: KeyStore, mode: int) -> None:
    keystore.keep(some_account())
    keystore.path.chmod(mode)
    with pytest.raises(KeyStoreRefused, match="chmod 600"):
        keystore.accounts()


def test_what_was_kept_comes_back_with_keys_that_still_sign(keystore: KeyStore) -> None:
    credential = Authenticator(Key.make("Ed25519"), "https://app.example", rp_id="app.example", credential_id=b"id")
    raw, web = some_account("Erika M."), some_account("Max M.", approval_key=credential)
    keystore.keep(raw)
    keystore.keep(web)

    first, second = keystore.accounts()

    assert (first.device_id, second.device_id) == (raw.device_id, web.device_id)
    assert first.approval_key.stored() == raw.approval_key.stored()
    assert second.approval_key.stored() == web.approval_key.stored()
    assert isinstance(second.approval_key, Authenticator)


def test_a_write_that_fails_leaves_the_old_file_and_no_rest(
    keystore: KeyStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    keystore.keep(some_account())
    before = keystore.path.read_bytes()

    def broken(_self: Path, _target: Path) -> Path:
        raise OSError(28, "disk full")

    monkeypatch.setattr(Path, "replace", broken)
    with pytest.raises(OSError, match="disk full"):
        keystore.keep(some_account("Max M."))

    assert keystore.path.read_bytes() == before
    assert [path.name for path in keystore.path.parent.iterdir()] == [keystore.path.name]


@pytest.mark.parametrize(
    "text",
    [
        *("", "[]", json.dumps({"version": 2, "accounts": []}), "[" * 100_000),
        *('{"version": 1}', '{"version": 1, "accounts": [{}]}', '{"version": 1, "accounts": [7]}'),
        '{"version": 1, "accounts": 7}',
    ],
    ids=["empty", "list", "newer", "deep", "no accounts", "no keys", "no account", "no list"],
)
def test_another_file_is_refused_and_left_alone(keystore: KeyStore, text: str) -> None:
    keystore.path.parent.mkdir()
    keystore.path.touch(mode=0o600)
    keystore.path.write_text(text)
    with pytest.raises(KeyStoreRefused, match="phone's file"):
        keystore.keep(some_account())
    assert keystore.path.read_text() == text


def test_what_is_no_file_is_refused(keystore: KeyStore) -> None:
    keystore.path.mkdir(parents=True)
    with pytest.raises(KeyStoreRefused, match="cannot be read"):
        keystore.accounts()


def test_a_new_phone_is_empty(keystore: KeyStore) -> None:
    assert keystore.accounts() == []
    assert not keystore.path.exists()


def test_no_private_key_shows_in_a_repr() -> None:
    account = some_account()
    assert account.device_key.private_jwk()["d"] not in repr(account)
