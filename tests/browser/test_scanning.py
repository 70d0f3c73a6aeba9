"""Scanning the transfer code: with the browser's own reader, and with ours where it has none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from smartident_laptop.demo.accounts import ANNA
from smartident_laptop.template import ROOT

if TYPE_CHECKING:
    from tests.browser.desk import Desk
    from tests.browser.phone import Phone

pytestmark = pytest.mark.browser
# A camera that sees whatever `show(text)` puts before it, a little askew as in a hand.
CAMERA = """
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [1280, 720];
  const paper = canvas.getContext("2d");
  paper.fillStyle = "#888";
  paper.fillRect(0, 0, 1280, 720);
  globalThis.show = async (text) => {
    const { encodeQR } = await import("/vendor/qr/index.js");
    const rows = encodeQR(text, "raw", { ecc: "medium", border: 4 });
    paper.save();
    paper.translate(420, 120);
    paper.rotate(0.12);
    rows.forEach((row, y) => row.forEach((dark, x) => {
      paper.fillStyle = dark ? "#222" : "#eee";
      paper.fillRect(x * 14, y * 14, 15, 15);
    }));
    paper.restore();
  };
  navigator.mediaDevices.getUserMedia = async () => canvas.captureStream(10);
  setInterval(() => paper.fillRect(0, 0, 2, Math.random() * 9), 100);
"""
NO_READER = "delete globalThis.BarcodeDetector;"
READER_OF_OTHER_CODES = (
    "globalThis.BarcodeDetector = class { static async getSupportedFormats() { return ['ean_13']; } };"
)
BROKEN_READER = """
  globalThis.BarcodeDetector = class {
    static async getSupportedFormats() { return ["qr_code"]; }
    async detect() { throw new DOMException("no service", "NotSupportedError"); }
  };
"""
OWN_READER = """
  const seen = ["https://evil.example/?code=111111", "SMARTIDENT:604193"];
  globalThis.BarcodeDetector = class {
    static async getSupportedFormats() { return ["qr_code"]; }
    async detect() { return [{ rawValue: seen.length > 1 ? seen.shift() : seen[0] }]; }
  };
"""


def scan(desk: Desk, phone: Phone, *, camera: str) -> None:
    """Open the request and press the button."""
    phone.page.add_init_script(camera)
    phone.enrol(ANNA)
    desk.log_in(ANNA)
    phone.open_request(desk)
    phone.page.get_by_role("button", name="Code scannen").click()


def test_the_browsers_own_reader_takes_our_codes_and_nothing_else(desk: Desk, phone: Phone) -> None:
    loaded: list[str] = []
    phone.page.on("request", lambda request: loaded.append(request.url))
    scan(desk, phone, camera=CAMERA + OWN_READER)
    expect(phone.page.locator("#transfer_code")).to_have_value("604193")
    expect(phone.page.locator("dialog")).to_have_count(0)
    assert not [url for url in loaded if "/vendor/" in url]


@pytest.mark.parametrize(
    "browser", [NO_READER, READER_OF_OTHER_CODES, BROKEN_READER], ids=["none", "no QR codes", "broken"]
)
def test_a_browser_without_a_reader_scans_with_ours(desk: Desk, phone: Phone, browser: str) -> None:
    scan(desk, phone, camera=CAMERA + browser)
    phone.page.evaluate("show('https://evil.example/?code=111111')")
    phone.page.wait_for_timeout(700)
    expect(phone.page.locator("#transfer_code")).to_have_value("")
    code = desk.transfer_code().replace(" ", "")
    phone.page.evaluate("(code) => show(`SMARTIDENT:${code}`)", code)
    expect(phone.page.locator("#transfer_code")).to_have_value(code)
    expect(phone.page.locator("dialog")).to_have_count(0)
    phone.approve()
    desk.wait_for_signed_in()


@pytest.mark.parametrize("way", ["Escape", "Schließen", "elsewhere"])
def test_a_scan_that_is_given_up_leaves_the_camera_alone(desk: Desk, phone: Phone, way: str) -> None:
    scan(desk, phone, camera=CAMERA + NO_READER)
    phone.page.locator("dialog video").wait_for()
    video = phone.page.locator("dialog video").element_handle()
    tracks = video.evaluate_handle("video => video.srcObject")
    if way == "Escape":
        phone.page.keyboard.press("Escape")
    elif way == "elsewhere":
        phone.page.evaluate("location.hash = '#/'")
    else:
        phone.page.get_by_role("button", name=way).click()
    expect(phone.page.locator("dialog")).to_have_count(0)
    assert tracks.evaluate("stream => stream.active") is False


def test_a_camera_that_is_forbidden_is_told_beside_the_field(desk: Desk, phone: Phone) -> None:
    forbidden = (
        "navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('no', 'NotAllowedError'); };"
    )
    scan(desk, phone, camera=forbidden)
    expect(phone.page.locator("#transfer_code-error")).to_contain_text("Bitte tippen Sie den Code ein.")


def test_a_device_without_a_camera_has_no_button(desk: Desk, phone: Phone) -> None:
    phone.page.add_init_script("Object.defineProperty(navigator, 'mediaDevices', { value: undefined });")
    phone.enrol(ANNA)
    desk.log_in(ANNA)
    phone.open_request(desk)
    expect(phone.page.locator("#scan")).to_have_count(0)


def test_what_others_wrote_is_as_they_published_it() -> None:
    installed = ROOT / "node_modules/qr"
    if not installed.exists():
        pytest.skip("qr is not installed: npm ci")
    vendor = ROOT / "web/vendor/qr"
    for name in ("index.js", "index.d.ts", "decode.js", "decode.d.ts"):
        assert (vendor / name).read_bytes() == (installed / name).read_bytes(), name
    for name in ("LICENSE", "LICENSE-MIT"):
        assert (vendor / f"{name}.txt").read_bytes() == (installed / name).read_bytes(), name
