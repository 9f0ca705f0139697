"""The emulated machine of `make image-test` starts: no device of it lacks its files."""

from pathlib import Path

import pytest

from tests.images.machine import Machine


@pytest.mark.fresh
def test_the_machine_can_be_switched_on(tmp_path: Path) -> None:
    card = tmp_path / "card.img"
    card.write_bytes(bytes(1 << 20))
    machine = Machine(tmp_path, card)
    machine.start()
    try:
        assert machine.control("query-status")["running"]
    finally:
        machine.pull_the_plug()
