"""The house stands as it was designed: who imports whom, and what the wheel installs."""

import ast
import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("kiosk", "audio", "uplink", "provisioning", "ui")
RUN_BY_ALEMBIC = "env.py"
COMMANDS = (
    "homthu-kiosk",
    "homthu-phone",
    "homthu-voice",
    "homthu-courier",
    "homthu-station",
    "homthu-provision",
)


def imported_names(path: Path) -> Iterator[str]:
    """Full names of what is imported, such as `tests.waiting.wait_until`."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module or ''}.{alias.name}" for alias in node.names)


def modules(package: str) -> Iterator[Path]:
    return (ROOT / package).rglob("*.py")


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    """Check the rule of the rooms, which stands in pyproject.toml, in a checkout."""
    program = Path(sys.executable).with_name("lint-imports")
    return subprocess.run(
        [program, "--no-cache", "--no-logo"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_every_room_imports_only_what_stands_below_it() -> None:
    done = lint_imports(ROOT)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("kiosk/common/files.py", "from kiosk.device import outbox"),
        ("uplink/link/tls.py", "import uplink.courier.slots"),
        ("uplink/station/receive/store.py", "import kiosk.flow.machine"),
        ("ui/phone/server/worker.py", "import kivy"),
    ],
)
def test_an_import_that_runs_up_is_found(tmp_path: Path, module: str, line: str) -> None:
    for name in (*PACKAGES, "images"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("overlay"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    with (tmp_path / module).open("a", encoding="utf-8") as file:
        file.write(f"{line}\n")
    done = lint_imports(tmp_path)
    assert done.returncode == 1
    assert "BROKEN" in done.stdout


HEAVY = ("av", "kivy", "numpy", "PIL", "reportlab", "scipy", "sqlalchemy", "starlette")


@pytest.mark.parametrize(
    ("module", "needed"),
    [
        ("uplink.courier.main", set[str]()),
        ("uplink.station.commands.main", {"sqlalchemy", "starlette"}),
        ("ui.phone.server.main", {"starlette"}),
        ("provisioning.main", {"PIL", "reportlab"}),
    ],
)
def test_a_command_starts_without_libraries_it_has_no_use_for(
    module: str, needed: set[str]
) -> None:
    program = f"import sys, {module}; print(*({{*{HEAVY}}} & {{*sys.modules}}))"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert set(done.stdout.split()) <= needed


def test_everything_else_works_with_kivy_blocked() -> None:
    names = [
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for package in PACKAGES
        for path in modules(package)
        if (ROOT / "ui" / "touch") not in path.parents
        and path.name not in ("__init__.py", RUN_BY_ALEMBIC)
    ]
    blocked = "import sys; sys.modules['kivy'] = None\n" + "".join(f"import {n}\n" for n in names)
    subprocess.run([sys.executable, "-c", blocked], check=True, cwd=ROOT)


def test_no_module_is_longer_than_four_hundred_lines() -> None:
    long = {
        str(path.relative_to(ROOT)): length
        for package in (*PACKAGES, "tests")
        for path in modules(package)
        if (length := len(path.read_text("utf-8").splitlines())) > 400
    }
    assert long == {}


def test_what_tests_share_is_in_helper_modules() -> None:
    """Importing a test module from another collects its tests and its fixtures by the way."""
    borrowed = {
        (str(path.relative_to(ROOT)), name)
        for path in modules("tests")
        for name in imported_names(path)
        if any(part.startswith("test_") for part in name.split("."))
    }
    assert borrowed == set()


def test_the_wheel_works_outside_the_checkout(tmp_path: Path) -> None:
    source = _copy_of_the_source(tmp_path / "source")
    wheels = tmp_path / "wheels"
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation",
         "-w", str(wheels), str(source)],
        check=True,
        capture_output=True,
        env={**_environment(), "TMPDIR": str(tmp_path)},
    )  # fmt: skip
    (wheel,) = wheels.glob("*.whl")
    home = tmp_path / "env"
    venv.create(home, with_pip=False, symlinks=True)
    site = next((home / "lib").glob("python*")) / "site-packages"
    (site / "dependencies.pth").write_text(_dependencies(), "utf-8")
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--prefix", str(home),
         str(wheel)],
        check=True,
        env={**_environment(), "PIP_IGNORE_INSTALLED": "1"},
    )  # fmt: skip
    installed = {path.name for path in site.iterdir()}
    assert "tests" not in installed
    assert {"kiosk", "ui", "audio", "uplink", "provisioning"} <= installed
    for command in COMMANDS:
        program = [str(home / "bin" / "python"), "-c", _ENTER.format(command=command), "--help"]
        told = subprocess.run(
            program, cwd=tmp_path, capture_output=True, text=True, check=False, env=_environment()
        )
        assert told.returncode == 0, told.stderr
        assert "Usage" in told.stdout


_ENTER = (
    "import importlib.metadata as m, sys; sys.argv[0] = '{command}'; "
    "e, = m.entry_points(group='console_scripts', name='{command}'); e.load()()"
)


def _copy_of_the_source(folder: Path) -> Path:
    """So that nothing left from an earlier build gets into the wheel, nor into the checkout."""
    folder.mkdir()
    for name in ("setup.py", "pyproject.toml", "requirements.in"):
        shutil.copy(ROOT / name, folder)
    for package in PACKAGES:
        shutil.copytree(ROOT / package, folder / package)
    shutil.copytree(ROOT / "tests", folder / "tests")
    return folder


def _environment() -> dict[str, str]:
    return {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH",)}


def _dependencies() -> str:
    """The folder of installed libraries, without the checkout that an editable install adds."""
    import cbor2

    return str(Path(cbor2.__file__).parent.parent) + "\n"


def test_every_part_of_the_bench_can_be_measured() -> None:
    """Nothing else loads them, and a name that moved would be found on the day of measuring."""
    parts = sorted(path.stem for path in (ROOT / "tests" / "bench").glob("bench_*.py"))
    loading = "".join(f"import tests.bench.{part}; tests.bench.{part}.rows\n" for part in parts)
    subprocess.run([sys.executable, "-c", loading], cwd=ROOT, check=True)
