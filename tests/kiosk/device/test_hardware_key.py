"""A code opens answers only with the card in the board where the code was made."""

from pathlib import Path

from kiosk.device import config as configs
from kiosk.device.answer_boxes import AnswerBoxes
from kiosk.device.hardware_key import bound
from kiosk.protocol.picture_code import new_code
from tests.toml_files import edit
from tests.ui.touch.place import provision

KEY = bytes(range(32))


def board(folder: Path, serial: bytes) -> Path:
    file = folder / "serial-number"
    file.write_bytes(serial)
    return file


def test_a_key_is_another_on_each_board_and_the_same_at_each_start(tmp_path: Path) -> None:
    here = bound(KEY, board(tmp_path, b"10000000a1b2c3d4\0"))
    assert here == bound(KEY, board(tmp_path, b"10000000a1b2c3d4\0"))
    elsewhere = bound(KEY, board(tmp_path, b"10000000a1b2c3d5\0"))
    assert len({here, elsewhere, KEY}) == 3
    assert len(here) == len(KEY)


def test_a_machine_without_a_serial_number_uses_the_key_of_the_card(tmp_path: Path) -> None:
    assert bound(KEY, tmp_path / "none") == KEY
    assert bound(KEY, board(tmp_path, b"\0")) == KEY


def test_the_answer_box_of_a_code_is_another_on_another_board(tmp_path: Path) -> None:
    path = provision(tmp_path / "kiosk")
    serial = board(tmp_path, b"10000000a1b2c3d4\0")
    edit(path, {"files.board": str(serial)})
    config, code = configs.load(path), new_code()
    boxes = AnswerBoxes(config, config.code_key)
    here = boxes.box(code).public.raw
    board(tmp_path, b"10000000a1b2c3d5\0")
    assert boxes.box(code).public.raw != here
    board(tmp_path, b"10000000a1b2c3d4\0")
    assert boxes.box(code).public.raw == here
