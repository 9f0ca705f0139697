"""The lock of Debian's packages: whole, and a package that differs from it is refused."""

import hashlib
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from images import lock
from images.lock import RENEW, Lock, Package
from kiosk.common.errors import ImageError

DEB = b"a package"
DIGEST = hashlib.sha256(DEB).hexdigest()
ZLIB = Package("zlib1g", "1:1.3-1+b1", DIGEST)


@pytest.fixture
def debs(tmp_path: Path) -> Path:
    (tmp_path / "zlib1g_1%3a1.3-1+b1_arm64.deb").write_bytes(DEB)
    (tmp_path / "zlib1g-dev_1%3a1.3-1+b1_arm64.deb").write_bytes(b"another")
    return tmp_path


def test_every_package_that_was_chosen_is_locked() -> None:
    locked = {package.name for package in lock.read().packages}
    assert set(lock.names()) - locked == set()


def test_each_line_of_the_lock_is_one_package_with_a_digest() -> None:
    packages = lock.read().packages
    assert len({package.name for package in packages}) == len(packages) > len(lock.names())
    assert all(re.fullmatch("[0-9a-f]{64}", package.digest) for package in packages)
    assert all(re.fullmatch(r"[0-9][\w.+:~-]*", package.version) for package in packages)


def test_neither_names_nor_lock_tell_where_packages_come_from() -> None:
    assert not re.search("://", lock.NAMES.read_text() + lock.LOCK.read_text())


def test_the_lock_is_read_as_it_was_written(tmp_path: Path) -> None:
    written = Lock(datetime(2026, 1, 2, tzinfo=UTC), (ZLIB,))
    (tmp_path / "lock").write_text(str(written))
    assert lock.read(tmp_path / "lock") == written


@pytest.mark.parametrize("text", ["", "zlib1g 1 2\n", "2026-01-02\nzlib1g 1\n"])
def test_what_is_no_lock_is_told(text: str, tmp_path: Path) -> None:
    (tmp_path / "lock").write_text(text)
    with pytest.raises(ImageError, match="not a lock"):
        lock.read(tmp_path / "lock")


def test_the_locked_package_is_found_among_others(debs: Path) -> None:
    (found,) = Lock(datetime(2026, 1, 2, tzinfo=UTC), (ZLIB,)).files(debs).values()
    assert found.read_bytes() == DEB


@pytest.mark.parametrize(
    "other",
    [
        Package("zlib1g", "1:1.3-1+b1", hashlib.sha256(b"changed").hexdigest()),
        Package("zlib1g", "1:1.3-1+b2", DIGEST),
        Package("zlib", "1:1.3-1+b1", DIGEST),
    ],
)
def test_a_package_that_differs_is_refused_with_the_cure(other: Package, debs: Path) -> None:
    with pytest.raises(ImageError, match=re.escape(other.pin)) as told:
        Lock(datetime(2026, 1, 2, tzinfo=UTC), (ZLIB, other)).files(debs)
    assert told.value.cure == RENEW
