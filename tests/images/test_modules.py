"""After pruning, every module that is left loads: by the kernel's own lists, and in the kernel."""

import subprocess
from pathlib import Path

import pytest

from images import boot_files, prune
from images.modules import Modules, chosen
from images.tools import Tools
from kiosk.common.errors import ImageError
from tests.images import bare
from tests.images.qemu import BOARD

VERSION = boot_files.kernel_version(BOARD)
FOLDER = Path("usr/lib/modules") / VERSION
LOADED = "loads "
DEVICES = ("qemu-xhci", "usb-audio", "usb-kbd", "usb-tablet", "virtio-gpu-pci")


@pytest.fixture(scope="module")
def whole() -> Modules:
    """The modules of the card's kernel, before pruning."""
    return boot_files.modules(BOARD)


@pytest.fixture(scope="module")
def needed(tools: Tools) -> list[str]:
    """As images/build.py has it."""
    return [*chosen(), *boot_files.card_drivers(BOARD, tools)]


@pytest.fixture(scope="module")
def pruned(needed: list[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The packages of the board without what a card does without."""
    pruned = _copy(tmp_path_factory.mktemp("pruned"))
    modules = Modules(pruned / FOLDER)
    prune.prune(pruned, spared=modules.files(needed))
    return pruned


def test_no_module_has_lost_one_that_it_needs(pruned: Path) -> None:
    """By the symbols in the modules themselves, which depmod reads; the kernel's own are those
    that no module of the whole tree has, as Debian's System.map is an empty one."""
    own = {symbol for _, symbol in _unknown(BOARD, Path("/dev/null"))}
    table = pruned.parent / "System.map"
    table.write_text("".join(f"ffff800080000000 R __ksymtab_{symbol}\n" for symbol in sorted(own)))
    assert _unknown(pruned, table) == set()


def test_what_must_load_is_there_with_all_that_it_needs(
    pruned: Path, whole: Modules, needed: list[str]
) -> None:
    files = {file.relative_to(whole.folder) for file in whole.files(needed)}
    assert [str(file) for file in files if not (pruned / FOLDER / file).exists()] == []


def test_a_prune_that_breaks_a_module_is_refused(
    tmp_path: Path,
) -> None:
    broken = _copy(tmp_path)
    modules = Modules(broken / FOLDER)
    patterns = tmp_path / "patterns"
    patterns.write_text("usr/lib/modules/*/kernel/drivers/media\n")
    prune.prune(broken, patterns)
    with pytest.raises(ImageError, match=r"(?s)vc4 needs cec, rc_core.*snd_usb_audio needs mc"):
        prune.check(modules)


def test_a_module_that_the_kernel_has_not_is_named(whole: Modules) -> None:
    with pytest.raises(ImageError, match="no module viewfinder"):
        whole.files(["vc4", "viewfinder"])


def test_what_must_load_does_load(pruned: Path, needed: list[str], tmp_path: Path) -> None:
    """One by one, in the kernel of the card on QEMU's board, each with what it asks for."""
    subprocess.run(["depmod", "--basedir", str(pruned), VERSION], check=True)
    script = "\n".join(f"modprobe {name} && echo '{LOADED}{name}'" for name in needed)
    folder = pruned / FOLDER
    machine = ["-M", "virt", "-cpu", "cortex-a72", "-m", "1024", "-serial", "stdio"]
    machine += ["-append", "panic=-1 loglevel=4"]
    machine += [word for device in DEVICES for word in ("-device", device)]
    told = bare.run(tmp_path, folder, folder.rglob("*.ko*"), script, *machine)
    lines = [line.strip() for line in told.splitlines()]
    loaded = {line.removeprefix(LOADED) for line in lines if line.startswith(LOADED)}
    assert [name for name in needed if name not in loaded] == [], told[-4000:]


def _copy(folder: Path) -> Path:
    """The board's packages, to be pruned; what is left are links to the files there."""
    subprocess.run(["cp", "--archive", "--link", str(BOARD), str(folder / "root")], check=True)
    return folder / "root"


def _unknown(root: Path, table: Path) -> set[tuple[str, str]]:
    """Each module with each symbol that neither another module nor the table has."""
    command = ["depmod", "--dry-run", "-e", "-F", str(table), "--basedir", str(root), VERSION]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stderr
    words = (line.split() for line in told.splitlines() if "needs unknown symbol" in line)
    return {(Path(line[2]).name, line[-1]) for line in words}
