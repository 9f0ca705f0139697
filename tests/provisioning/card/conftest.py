"""A village, a tiny image and a bundle to put on cards."""

import os
import shutil
from pathlib import Path

import pytest

from provisioning import demo
from tests.provisioning.card import tiny_image
from tests.ui.touch.place import ROOT

SOMEBODY = 1000


@pytest.fixture(scope="package")
def village(tmp_path_factory: pytest.TempPathFactory) -> demo.Village:
    plan = demo.Plan((800, 480), ROOT / "build", False, False, None, ("10.42.0.1", 18080))
    return demo.provision(tmp_path_factory.mktemp("village"), plan)


@pytest.fixture(scope="package")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_image.build(tmp_path_factory.mktemp("image"))


@pytest.fixture
def bundle(village: demo.Village, tmp_path: Path) -> Path:
    """A kiosk that was on no card yet, in somebody's folder."""
    copy = shutil.copytree(village.kiosk, tmp_path / "na-co-sa-3")
    if os.getuid() == 0:
        for path in (copy, *copy.rglob("*")):
            os.chown(path, SOMEBODY, SOMEBODY)
    return copy
