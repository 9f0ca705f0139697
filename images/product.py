"""Our own part of a card: the program, what it shows and says, and how the system is set up."""

import json
import shutil
import stat
import sys
import tempfile
from collections.abc import Callable
from importlib.metadata import PathDistribution
from pathlib import Path

from images.boot_files import card_drivers, kernel_version
from images.emulation import emulation
from images.layout import IMAGES, Layout
from images.tools import Tools
from kiosk.common.errors import ImageError

PROJECT = IMAGES.parent
HOME = Path("opt/homthu")
SHARED = Path("usr/share/homthu")
DISTRIBUTION = "hom_thu_kiosk"
NOT_SOURCE = shutil.ignore_patterns("build", ".*", "*.egg-info", "node_modules", "images", "tests")
ASSETS = ("tiles", "clips", "phone")
SET_ID = stat.S_ISUID | stat.S_ISGID
PLATFORMS = ("2_17", "2_28", "2_34")
"""The glibc of a wheel's platform tag (PEP 600) that Debian's 2.41 can serve."""
_PROGRAM = """\
#!/{home}/bin/python3
import sys
from {module} import {function}
sys.exit({function}())
"""


class Product:
    """Fills the unpacked Debian in `root` with the product; `build` has what set-up made."""

    def __init__(self, layout: Layout, root: Path, build: Path, tools: Tools) -> None:
        self._layout, self._root, self._build, self._tools = layout, root, build, tools
        self._packages = root / HOME / "lib" / f"python{layout.python}" / "site-packages"

    def steps(self) -> tuple[Callable[[], None], ...]:
        """What there is to do, in this order; `settle` comes after pruning."""
        return (
            self.environment,
            self.libraries,
            self.program,
            self.assets,
            self.overlay,
            self.identity,
            self.voice,
            self.users,
            self.initramfs,
            self.rights,
        )

    def environment(self) -> None:
        """A virtual environment on the card's Python, as in PEP 405."""
        programs = self._root / HOME / "bin"
        programs.mkdir(parents=True)
        (programs / "python3").symlink_to(f"/usr/bin/python{self._layout.python}")
        (programs.parent / "pyvenv.cfg").write_text("home = /usr/bin\n")

    def libraries(self) -> None:
        """The locked wheels, as built for the card's processor."""
        version = self._layout.python.replace(".", "")
        platforms = (f"--platform=manylinux_{glibc}_aarch64" for glibc in PLATFORMS)
        self._pip(
            *("--require-hashes", "--only-binary=:all:", "--implementation=cp"),
            *(f"--python-version={version}", f"--abi=cp{version}", "--abi=abi3", "--abi=none"),
            *platforms,
            *("--platform=manylinux2014_aarch64", "-r", str(PROJECT / "requirements.txt")),
        )

    def program(self) -> None:
        """The project as a wheel, and its commands."""
        with tempfile.TemporaryDirectory() as folder:
            source = Path(folder) / "source"
            shutil.copytree(PROJECT, source, symlinks=True, ignore=NOT_SOURCE)
            wheel = ("wheel", "--quiet", "--no-deps", "--no-build-isolation", "-w", folder)
            self._tools.run(sys.executable, "-m", "pip", *wheel, source)
            self._pip("--no-index", "--find-links", folder, DISTRIBUTION)
        shutil.rmtree(self._packages / "bin")
        for record in self._packages.glob("*.dist-info/RECORD"):
            record.unlink()  # holds digests of those programs, in which the builder's paths stood
        (installed,) = self._packages.glob(f"{DISTRIBUTION}-*.dist-info")
        for entry in PathDistribution(installed).entry_points:
            program = self._root / HOME / "bin" / entry.name
            text = _PROGRAM.format(home=HOME, module=entry.module, function=entry.attr)
            program.write_text(text)
            program.chmod(0o755)

    def assets(self) -> None:
        """Tiles, clips and the page for phones, and under which licences."""
        for name in ASSETS:
            made = self._build / name
            if not made.is_dir():
                raise ImageError(f"{made} is not there", f"make {name}")
            lay(made, self._root / SHARED / name)
        licences = self._root / "usr/share/doc/homthu"
        licences.mkdir()
        for name in ("LICENSE", "NOTICE"):
            shutil.copyfile(PROJECT / name, licences / name)

    def overlay(self) -> None:
        """The files that set the system up, owned by root."""
        places = {"overlay": "", "initramfs": "etc/initramfs-tools", "rauc": "etc/rauc"}
        for source, target in places.items():
            if (IMAGES / source).is_dir():
                lay(IMAGES / source, self._root / target)

    def identity(self) -> None:
        """What the image calls itself, and nothing of the machine that built it."""
        layout, etc = self._layout, self._root / "etc"
        (etc / "homthu-image").write_text(json.dumps({"version": layout.version}) + "\n")
        with (self._root / "usr/lib/os-release").open("a") as release:
            release.write(f"IMAGE_ID=homthu\nIMAGE_VERSION={layout.version}\n")
        (self._root / "usr/lib/clock-epoch").touch()
        (etc / "machine-id").write_text("")
        (etc / "hostname").unlink()
        (etc / "hostname").write_text("homthu\n")
        (self._root / "data").mkdir(exist_ok=True)

    def voice(self) -> None:
        """The Hmong voice, from the card's own eSpeak NG."""
        self._in_card(f"/{HOME}/bin/homthu-voice", "build", "--data", f"/{SHARED}/espeak")

    def users(self) -> None:
        """The users of sysusers.d(5), since the root cannot be written later."""
        self._in_card("systemd-sysusers")

    def initramfs(self) -> None:
        """One initramfs, now that all its parts are there, with the drivers of every board's card.

        Raises ImageError when a driver on the way to a card is missing.
        """
        with (self._root / "etc/initramfs-tools/modules").open("a") as listed:
            listed.writelines(f"{name}\n" for name in card_drivers(self._root, self._tools))
        self._in_card("mkinitramfs", "-o", "/boot/initrd.img", kernel_version(self._root))

    def rights(self) -> None:
        """No program makes anybody who runs it somebody else."""
        for path in self._root.rglob("*"):
            mode = path.lstat().st_mode
            if stat.S_ISREG(mode) and mode & SET_ID:
                path.chmod(stat.S_IMODE(mode) & ~SET_ID)

    def settle(self) -> None:
        """List the drivers and compile the modules that pruning has left."""
        self._tools.run("depmod", "--basedir", self._root, kernel_version(self._root))
        compiling = ("-m", "compileall", "-q", "--invalidation-mode=unchecked-hash")
        self._in_card(f"/{HOME}/bin/python3", *compiling, f"/{HOME}/lib")

    def _in_card(self, *command: str) -> None:
        with emulation():
            self._tools.run("chroot", self._root, *command)

    def _pip(self, *wanted: str) -> None:
        quietly = ("--quiet", "--no-compile", "--no-deps", "--upgrade")
        where = ("--target", str(self._packages))
        self._tools.run(sys.executable, "-m", "pip", "install", *quietly, *where, *wanted)


def lay(source: Path, target: Path) -> None:
    """Copy a folder's files onto another, for everybody to read and root to write."""
    target.mkdir(parents=True, exist_ok=True)
    for path in sorted(source.rglob("*")):
        place = target / path.relative_to(source)
        if path.is_symlink() or path.is_file():
            place.unlink(missing_ok=True)
            shutil.copyfile(path, place, follow_symlinks=False)
        else:
            place.mkdir(exist_ok=True)
        if not path.is_symlink():
            place.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
