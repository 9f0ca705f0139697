"""Our own part of the card, as far as it is made without running the card's programs."""

import json
import sys
import tomllib
from pathlib import Path

import pytest

from images import boot_files, layout
from images.product import HOME, PROJECT, Product, lay
from images.tools import Tools
from kiosk.common.errors import ImageError

OF_THE_BUILDER = "nodename=builder\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A root file system that still has traces of the machine that unpacked it."""
    folder = tmp_path / "root"
    for name in ("etc/hostname", "etc/machine-id", "usr/lib/os-release"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(OF_THE_BUILDER)
    return folder


def test_files_are_laid_for_root_to_write_and_all_to_read(tmp_path: Path) -> None:
    source, target = tmp_path / "overlay", tmp_path / "root"
    (source / "etc" / "wants").mkdir(parents=True)
    (source / "etc" / "script").write_text("new")
    (source / "etc" / "script").chmod(0o700)
    (source / "etc" / "conf").write_text("new")
    (source / "etc" / "conf").chmod(0o600)
    (source / "etc" / "wants" / "unit").symlink_to("/dev/null")
    (target / "etc").mkdir(parents=True)
    (target / "etc" / "conf").symlink_to("/etc/passwd")
    lay(source, target)
    modes = {name: (target / "etc" / name).stat().st_mode & 0o777 for name in ("script", "conf")}
    assert modes == {"script": 0o755, "conf": 0o644}
    assert (target / "etc" / "conf").read_text() == "new"
    assert (target / "etc" / "wants" / "unit").readlink() == Path("/dev/null")


def test_the_image_says_what_it_is_and_not_who_built_it(root: Path, tools: Tools) -> None:
    plan = layout.load()
    Product(plan, root, PROJECT / "build", tools).identity()
    assert json.loads((root / "etc/homthu-image").read_text()) == {"version": plan.version}
    assert f"IMAGE_VERSION={plan.version}\n" in (root / "usr/lib/os-release").read_text()
    assert (root / "etc/machine-id").read_bytes() == b""
    assert OF_THE_BUILDER not in (root / "etc/hostname").read_text()


def test_our_programs_are_the_cards_and_tell_nothing_of_the_builder(
    root: Path, tools: Tools
) -> None:
    product = Product(layout.load(), root, PROJECT / "build", tools)
    product.environment()
    product.program()
    programs = {path.name for path in (root / HOME / "bin").iterdir()}
    assert {"homthu-kiosk", "homthu-courier", "homthu-phone", "homthu-voice"} <= programs
    files = [path for path in (root / HOME).rglob("*") if path.is_file() and not path.is_symlink()]
    traces = (str(PROJECT).encode(), sys.prefix.encode())
    assert [path for path in files if any(trace in path.read_bytes() for trace in traces)] == []
    assert not [path for path in files if path.name == "RECORD"]


def test_no_program_changes_who_runs_it(root: Path, tools: Tools) -> None:
    for name, mode in (("su", 0o4755), ("chage", 0o2755), ("ls", 0o755)):
        (root / name).touch()
        (root / name).chmod(mode)
    Product(layout.load(), root, PROJECT / "build", tools).rights()
    assert {(root / name).stat().st_mode & 0o7777 for name in ("su", "chage", "ls")} == {0o755}


def test_assets_that_were_not_made_are_told_with_the_cure(root: Path, tools: Tools) -> None:
    with pytest.raises(ImageError, match="make tiles"):
        Product(layout.load(), root, root / "build", tools).assets()


@pytest.mark.parametrize("versions", [(), ("6.12.1-arm64", "6.12.2-arm64")])
def test_a_card_has_one_kernel(versions: tuple[str, ...], tmp_path: Path) -> None:
    for version in ("", *versions):
        (tmp_path / "usr/lib/modules" / version).mkdir(parents=True, exist_ok=True)
    with pytest.raises(ImageError, match=f"{len(versions)} kernels"):
        boot_files.kernel_version(tmp_path)


def test_the_partitions_follow_one_another_on_whole_erase_blocks() -> None:
    plan = layout.load()
    names = [part["name"] for part in tomllib.loads(_toml())["partition"]]
    assert [part.name for part in plan.partitions] == names
    ends = [layout.ALIGNMENT, *(part.start + part.size for part in plan.partitions)]
    assert [part.start for part in plan.partitions] == ends[:-1]
    assert all(part.start % layout.ALIGNMENT == 0 for part in plan.partitions)


def _toml() -> str:
    return (layout.IMAGES / "layout.toml").read_text("utf-8")
