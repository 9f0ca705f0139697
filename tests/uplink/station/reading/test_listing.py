"""What a person typed reaches the officer's screen as words, never as commands."""

from rich.console import Console

from tests.uplink.village import make_report
from uplink.station.reading.listing import fields, table
from uplink.station.reading.opening import OpenedReport

TYPED = "chạy\x1b[2J \u202eđêm\u202c [bold]nhà[/bold]\nsuối"


def opened(text: str | None) -> OpenedReport:
    return OpenedReport("5a" * 16, 480_000, make_report(text=text))


def test_the_listing_shows_typed_words_without_control_characters() -> None:
    console = Console(width=200, force_terminal=False, record=True)
    console.print(table([opened(TYPED)]))
    shown = console.export_text()
    assert "[bold]nhà[/bold] suối" in shown
    assert "\x1b" not in shown
    assert "\u202e" not in shown


def test_what_cannot_be_opened_is_said_in_words_and_with_its_code() -> None:
    unreadable = OpenedReport("5a" * 16, 480_000, None, "E05")
    console = Console(width=400, record=True)
    console.print(table([unreadable]))
    shown = " ".join(console.export_text().split())
    assert "Tin của kiosk bản mới hơn" in shown
    assert "(E05)" in shown
    assert fields(unreadable)["problem"] == "E05"


def test_programs_get_the_same_words() -> None:
    text = fields(opened(TYPED))["text"]
    assert text == "chạy [2J  đêm  [bold]nhà[/bold] suối"
    assert fields(opened(None))["text"] == ""
