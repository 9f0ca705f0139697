"""The packages of a release in one file: the same bytes each time, and refused unless whole."""

import hashlib
import os
import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from images import debian, kept_packages, layout
from images.build import main
from images.lock import Lock, Package
from kiosk.common.errors import ImageError
from tests.images.mirror import Deb, listed

DAY = datetime(2026, 11, 22, tzinfo=UTC)
VERSION = "1:1.0-1+deb13u1"
DEBS = (Deb("base", "1"), Deb("library", VERSION), Deb("other", "3"), Deb("tool", "2.0"))


@pytest.fixture
def debs(tmp_path: Path) -> Path:
    (tmp_path / "fetched").mkdir()
    for deb in DEBS:
        deb.build(tmp_path / "fetched")
    return tmp_path / "fetched"


@pytest.fixture
def locked(debs: Path) -> Lock:
    files = [next(debs.glob(f"{deb.name}_*.deb")).read_bytes() for deb in DEBS]
    digests = (hashlib.sha256(data).hexdigest() for data in files)
    pairs = zip(DEBS, digests, strict=True)
    return Lock(DAY, tuple(Package(deb.name, deb.version, digest) for deb, digest in pairs))


@pytest.fixture
def kept(locked: Lock, debs: Path, tmp_path: Path) -> Path:
    kept_packages.keep(locked, debs, tmp_path / "packages.tar")
    return tmp_path / "packages.tar"


def test_the_kept_packages_are_enough_when_nothing_can_be_fetched(
    locked: Lock, kept: Path, tmp_path: Path
) -> None:
    kept_packages.unpack(kept, locked, tmp_path / "debs")
    debian.fetch(layout.load(), locked, tmp_path / "debs", [])
    assert len(locked.files(tmp_path / "debs")) == 4


def test_the_same_packages_are_kept_as_the_same_bytes(
    locked: Lock, debs: Path, kept: Path, tmp_path: Path
) -> None:
    again = tmp_path / "elsewhere"
    again.mkdir()
    for deb in sorted(debs.glob("*.deb"), reverse=True):
        shutil.copy(deb, again)
        os.chmod(again / deb.name, 0o600)
    shuffled = Lock(locked.date, tuple(reversed(locked.packages)))
    kept_packages.keep(shuffled, again, tmp_path / "again.tar")
    assert (tmp_path / "again.tar").read_bytes() == kept.read_bytes()


def test_packages_that_are_not_as_locked_are_not_kept(locked: Lock, debs: Path, kept: Path) -> None:
    former = kept.read_bytes()
    next(debs.glob("library_*")).write_bytes(b"changed")
    with pytest.raises(ImageError, match="library=1:1"):
        kept_packages.keep(locked, debs, kept)
    assert kept.read_bytes() == former


def test_a_damaged_package_in_the_kept_file_is_named(
    locked: Lock, debs: Path, kept: Path, tmp_path: Path
) -> None:
    spoilt = bytearray(kept.read_bytes())
    place = spoilt.index(next(debs.glob("library_*")).read_bytes())
    spoilt[place + 100] ^= 1
    kept.write_bytes(spoilt)
    with pytest.raises(ImageError, match="1 of 4 locked packages") as caught:
        kept_packages.unpack(kept, locked, tmp_path / "debs")
    assert listed(caught.value.message, "library", VERSION, VERSION, "damaged or changed")


@pytest.mark.parametrize("part", [0, 1, 2])
def test_a_kept_file_that_was_cut_short_is_refused_whatever_was_fetched_before(
    part: int, locked: Lock, debs: Path, kept: Path
) -> None:
    whole = kept.read_bytes()
    kept.write_bytes(whole[: whole.index(b"tool_2.0_arm64.deb") * part // 2])
    with pytest.raises(ImageError) as caught:
        kept_packages.unpack(kept, locked, debs)
    assert listed(caught.value.message, "tool", "2.0", "none")


def test_a_kept_file_of_another_release_is_refused_with_its_versions(
    locked: Lock, kept: Path, tmp_path: Path
) -> None:
    newer = replace(locked.packages[1], version="1:1.0-1+deb13u2", digest="0" * 64)
    added = Package("added", "7", "1" * 64)
    other = Lock(DAY, (*locked.packages[:1], newer, added))
    with pytest.raises(ImageError, match="2 of 3 locked packages") as caught:
        kept_packages.unpack(kept, other, tmp_path / "debs")
    assert listed(caught.value.message, "library", newer.version, VERSION)
    assert listed(caught.value.message, "added", "7", "none")


def test_what_is_no_file_of_kept_packages_is_refused(locked: Lock, tmp_path: Path) -> None:
    (tmp_path / "packages.tar").write_bytes(b"something else" * 100)
    with pytest.raises(ImageError, match="4 of 4 locked packages"):
        kept_packages.unpack(tmp_path / "packages.tar", locked, tmp_path / "debs")


@pytest.mark.skipif(os.geteuid() != 0, reason="the image is built as root")
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--packages", "FILE"], "locked packages are not in FILE as locked"),
        (["--snapshot", "nowhere"], "not the address of a snapshot archive"),
        (["--packages", "FILE", "--snapshot", "http://x"], "one of --packages and --snapshot"),
    ],
)
def test_the_image_is_built_from_what_it_is_given_or_not_at_all(
    arguments: list[str], message: str, tmp_path: Path
) -> None:
    file = tmp_path / "packages.tar"
    file.write_bytes(b"something else")
    given = [argument.replace("FILE", str(file)) for argument in arguments]
    result = CliRunner().invoke(main, ["image", "--build", str(tmp_path / "build"), *given])
    assert result.exit_code == 2
    assert message.replace("FILE", str(file)) in result.output
