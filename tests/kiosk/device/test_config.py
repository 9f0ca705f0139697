"""The configuration file: all mistakes at once, each with its cure."""

from pathlib import Path

import pytest

from kiosk.common.errors import ConfigError
from kiosk.device import config, hotspot
from kiosk.device.hotspot import Hotspot

GOOD = '[kiosk]\nid = "000102030405060708090a0b0c0d0e0f"\n'

FIVE_MISTAKES = """
[kiosk]
id = "not hexadecimal"
langauges = ["vi"]
[screen]
width = "800"
height = 5
[sond]
private = true
"""


def write(folder: Path, text: str | bytes) -> Path:
    path = folder / "kiosk.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_defaults_fill_what_is_not_said(tmp_path: Path) -> None:
    loaded = config.load(write(tmp_path, GOOD))
    assert loaded.languages == ("vi", "hmn")
    assert loaded.outbox == tmp_path / "touch.db"
    assert config.live_site(loaded)().hotspot is None


def test_five_mistakes_are_five_messages(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        config.load(write(tmp_path, FIVE_MISTAKES))
    told = caught.value.problems
    assert len(told) == 5
    for hint in ("kiosk.id", "did you mean 'languages'", "screen.width must be int",
                 "screen.height must be from", "did you mean 'sound'"):  # fmt: skip
        assert any(hint in problem for problem in told), hint
    assert "homthu-provision" in str(caught.value)


@pytest.mark.parametrize(
    "content", [b"", b"= 1", b"\xff\xfe", b"[kiosk]\nid = 3", b"kiosk = 3", b"# " + b"x" * 300_000]
)
def test_an_unusable_file_is_a_clear_error(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(ConfigError):
        config.load(write(tmp_path, content))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"kiosk\.toml"):
        config.load(tmp_path / "kiosk.toml")


def test_the_site_follows_the_wifi_of_the_day(tmp_path: Path) -> None:
    wifi = tmp_path / "hotspot.toml"
    site = config.live_site(config.load(write(tmp_path, GOOD + f"[hotspot]\nfile = '{wifi}'\n")))
    for key in ("yesterday123", "today4567890"):
        told = Hotspot("a;b", key, "http://10.42.0.1/", ("bridge", "car", "market"))
        hotspot.write(wifi, told)
        assert site().hotspot == told
    assert site().hotspot is site().hotspot
    wifi.write_text("ssid = ")
    assert site().hotspot is None
    wifi.unlink()
    assert site().hotspot is None


def test_the_wifi_code_escapes_what_phones_would_misread() -> None:
    assert Hotspot("a;b", 'c"d\\e', "", ()).wifi_qr == 'WIFI:T:WPA;S:a\\;b;P:c\\"d\\\\e;;'


def test_named_villages_come_with_the_site(tmp_path: Path) -> None:
    loaded = config.load(write(tmp_path, GOOD + '[villages]\nna_co_sa_1 = "Na Cô Sa 1"\n'))
    assert loaded.site.villages == (("na_co_sa_1", "Na Cô Sa 1"),)


def test_the_hmong_script_is_one_of_two(tmp_path: Path) -> None:
    assert config.load(write(tmp_path, GOOD)).hmong_script == "rpa"
    assert config.load(write(tmp_path, GOOD + 'hmong_script = "vn1961"\n')).hmong_script == "vn1961"
    with pytest.raises(ConfigError, match="must be rpa or vn1961, did you mean 'vn1961'"):
        config.load(write(tmp_path, GOOD + 'hmong_script = "vn-1961"\n'))
