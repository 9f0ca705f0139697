"""Fetching and renewing when Debian has replaced what is locked: apt-get on a small Debian."""

import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from images import debian, layout, lock
from images.layout import Layout
from images.lock import Lock
from images.sources import Source, snapshots
from kiosk.common.errors import ImageError
from tests.images.mirror import Deb, Mirror, listed, serving

pytestmark = pytest.mark.skipif(
    os.geteuid() != 0 or shutil.which("mmdebstrap") is None, reason="needs root and mmdebstrap"
)

DAY = datetime(2026, 11, 22, tzinfo=UTC)
MORNING, NIGHT = "20261122T000000Z", "20261123T000000Z"

BASE = Deb("base", "1", "Essential: yes\n")
LIBRARY = Deb("library", "1:1.0-1+deb13u1")
NEWER = replace(LIBRARY, version="1:1.0-1+deb13u2")
TOOL = Deb("tool", "2.0", "Depends: library\n")
NEWER_TOOL = Deb("tool", "2.1", "Depends: library, helper\n", "all")
HELPER = Deb("helper", "0.1")
OTHER = Deb("other", "3")
ON_THE_DAY = (BASE, LIBRARY, TOOL, OTHER)


@pytest.fixture(scope="module")
def card() -> Layout:
    return replace(layout.load(), components="main")


@pytest.fixture(scope="module")
def release(card: Layout, tmp_path_factory: pytest.TempPathFactory) -> tuple[Lock, Path]:
    """What was locked on the day, and the packages as they were fetched then."""
    folder = tmp_path_factory.mktemp("release")
    with serving(folder / "mirror") as mirror:
        mirror.publish(*ON_THE_DAY)
        resolved = debian.resolve(card, ["tool", "other"], mirror.today)
        debian.fetch(card, resolved, folder / "debs", [mirror.today])
    return replace(resolved, date=DAY), folder / "debs"


@pytest.fixture
def locked(release: tuple[Lock, Path]) -> Lock:
    return release[0]


@pytest.fixture
def debs(release: tuple[Lock, Path], tmp_path: Path) -> Path:
    return shutil.copytree(release[1], tmp_path / "fetched")


@pytest.fixture
def mirror(tmp_path: Path) -> Iterator[Mirror]:
    with serving(tmp_path / "mirror") as mirror:
        mirror.publish(*ON_THE_DAY)
        yield mirror


def drop_two(mirror: Mirror) -> None:
    """Debian has a newer library, and another package no longer."""
    mirror.publish(BASE, NEWER, TOOL)


def test_the_lock_is_essential_packages_and_what_the_chosen_ones_need(locked: Lock) -> None:
    versions = {package.name: package.version for package in locked.packages}
    assert versions == {"base": "1", "library": LIBRARY.version, "tool": "2.0", "other": "3"}


def test_what_debian_replaced_is_named_with_the_newer_version_and_the_ways_on(
    card: Layout, mirror: Mirror, locked: Lock, tmp_path: Path
) -> None:
    drop_two(mirror)
    with pytest.raises(ImageError, match="2 of 4 locked packages") as caught:
        debian.fetch(card, locked, tmp_path / "debs", [mirror.today])
    message = caught.value.message
    assert listed(message, "package", "locked", "Debian today")
    assert listed(message, "library", LIBRARY.version, NEWER.version)
    assert listed(message, "other", "3", "none")
    assert not re.search("^(base|tool) ", message, re.M)
    for way in ("make image-lock", "make image PACKAGES=", "make image SNAPSHOT="):
        assert way in caught.value.cure
    assert {package.name for package in locked.lacking(tmp_path / "debs")} == {"library", "other"}


@pytest.mark.parametrize("moment", [MORNING, NIGHT])
def test_a_snapshot_of_the_lock_s_day_has_what_debian_replaced(
    moment: str, card: Layout, mirror: Mirror, locked: Lock, tmp_path: Path
) -> None:
    drop_two(mirror)
    mirror.keep_snapshot(MORNING)
    mirror.keep_snapshot(NIGHT)
    mirror.keep_snapshot(moment, LIBRARY, OTHER)
    sources = [mirror.today, *snapshots(mirror.address, card, DAY)]
    debian.fetch(card, locked, tmp_path / "debs", sources)
    assert locked.lacking(tmp_path / "debs") == []


def test_a_package_of_the_security_archive_is_found_in_its_snapshot(
    card: Layout, mirror: Mirror, locked: Lock, tmp_path: Path
) -> None:
    drop_two(mirror)
    mirror.keep_snapshot(MORNING, LIBRARY, OTHER, suite="trixie-security")
    sources = [mirror.today, *snapshots(f"{mirror.address}/", card, DAY)]
    debian.fetch(card, locked, tmp_path / "debs", sources)
    assert locked.lacking(tmp_path / "debs") == []


def test_snapshots_serve_when_the_whole_release_has_left_debian(
    card: Layout, mirror: Mirror, locked: Lock, tmp_path: Path
) -> None:
    shutil.rmtree(mirror.folder / "debian")
    mirror.keep_snapshot(MORNING, BASE, LIBRARY, TOOL, OTHER)
    sources = [mirror.today, *snapshots(mirror.address, card, DAY)]
    debian.fetch(card, locked, tmp_path / "debs", sources)
    assert locked.lacking(tmp_path / "debs") == []


def test_what_no_snapshot_has_is_named_and_so_is_a_snapshot_that_does_not_answer(
    card: Layout, mirror: Mirror, locked: Lock, tmp_path: Path
) -> None:
    drop_two(mirror)
    mirror.keep_snapshot(MORNING, LIBRARY)
    sources = [mirror.today, *snapshots(mirror.address, card, DAY)]
    with pytest.raises(ImageError, match="1 of 4 locked packages") as caught:
        debian.fetch(card, locked, tmp_path / "debs", sources)
    assert listed(caught.value.message, "other", "3", "none")
    assert "the snapshot of 2026-11-23: " in caught.value.message
    assert "404" in caught.value.message


def test_other_bytes_under_the_locked_version_are_refused_from_any_source(
    card: Layout, mirror: Mirror, locked: Lock, tmp_path: Path
) -> None:
    forged = replace(LIBRARY, fields="Depends: other\n")
    mirror.publish(BASE, forged, TOOL, OTHER)
    mirror.keep_snapshot(MORNING, forged)
    mirror.keep_snapshot(NIGHT, forged)
    sources = [mirror.today, *snapshots(mirror.address, card, DAY)]
    with pytest.raises(ImageError) as caught:
        debian.fetch(card, locked, tmp_path / "debs", sources)
    version = LIBRARY.version
    assert listed(caught.value.message, "library", version, version, "damaged or changed")


def test_what_was_cut_short_or_damaged_in_the_folder_is_fetched_again(
    card: Layout, mirror: Mirror, locked: Lock, debs: Path
) -> None:
    for pattern, spoil in (
        ("library_*", lambda data: data[:-1]),
        ("other_*", lambda data: bytes(len(data) - 1)),
        ("tool_*", lambda data: bytes(len(data))),
        ("base_*", lambda data: data + b"!"),
    ):
        deb = next(debs.glob(pattern))
        deb.write_bytes(spoil(deb.read_bytes()))
    debian.fetch(card, locked, debs, [mirror.today])
    assert locked.lacking(debs) == []


def test_without_a_network_the_kept_packages_are_the_way_on(
    card: Layout, mirror: Mirror, locked: Lock, tmp_path: Path
) -> None:
    gone = Source("Debian today", ("deb [trusted=yes] http://127.0.0.1:9/debian trixie main",))
    with pytest.raises(ImageError, match="Debian today: mmdebstrap: ") as caught:
        debian.fetch(card, locked, tmp_path / "debs", [gone])
    assert "make image PACKAGES=" in caught.value.cure


@pytest.mark.parametrize("address", ["", "a mirror", "http://a b", "http://a] http://b"])
def test_what_is_no_address_of_a_snapshot_archive_is_refused(address: str, card: Layout) -> None:
    with pytest.raises(ImageError, match="not the address") as caught:
        snapshots(address, card, DAY)
    assert "SNAPSHOT=" in caught.value.cure


def test_a_renewal_lists_what_is_new_gone_or_changed(
    card: Layout, mirror: Mirror, locked: Lock, tmp_path: Path
) -> None:
    path = tmp_path / "packages.lock"
    path.write_text(str(locked))
    mirror.publish(BASE, NEWER, NEWER_TOOL, OTHER, HELPER)
    changes = debian.renew(card, ["tool"], path, mirror.today)
    assert changes.splitlines()[0].split() == ["package", "former", "renewed"]
    assert listed(changes, "helper", "-", "0.1", "new")
    assert listed(changes, "library", LIBRARY.version, NEWER.version, "changed")
    assert listed(changes, "other", "3", "-", "gone")
    assert listed(changes, "tool", "2.0", "2.1", "changed")
    assert len(changes.splitlines()) == 5
    assert {package.version for package in lock.read(path).packages} == {
        *("1", NEWER.version, "2.1", "0.1")
    }


def test_a_renewal_that_changes_nothing_says_nothing_and_leaves_the_lock(
    card: Layout, mirror: Mirror, locked: Lock, tmp_path: Path
) -> None:
    path = tmp_path / "packages.lock"
    path.write_text(str(locked))
    assert debian.renew(card, ["tool", "other"], path, mirror.today) == ""
    assert path.read_text() == str(locked)


def test_other_bytes_under_the_same_version_are_a_change(
    card: Layout, mirror: Mirror, locked: Lock, tmp_path: Path
) -> None:
    path = tmp_path / "packages.lock"
    path.write_text(str(locked))
    mirror.publish(BASE, replace(LIBRARY, fields="Section: libs\n"), TOOL, OTHER)
    changes = debian.renew(card, ["tool", "other"], path, mirror.today)
    assert listed(changes, "library", LIBRARY.version, LIBRARY.version, "other bytes")


@pytest.mark.parametrize("names", [["tool", "other"], ["tool", "other", "absent"]])
def test_a_renewal_that_fails_leaves_the_lock(
    names: list[str], card: Layout, mirror: Mirror, locked: Lock, tmp_path: Path
) -> None:
    path = tmp_path / "packages.lock"
    path.write_text(str(locked))
    if "absent" not in names:
        shutil.rmtree(mirror.folder / "debian" / "dists")
    with pytest.raises(ImageError) as caught:
        debian.renew(card, names, path, mirror.today)
    assert "absent" in caught.value.message or "404" in caught.value.message
    assert path.read_text() == str(locked)


@pytest.mark.parametrize("text", ["", "<<<<<<< ours\n"])
def test_a_lock_that_cannot_be_read_is_renewed(
    text: str, card: Layout, mirror: Mirror, locked: Lock, tmp_path: Path
) -> None:
    path = tmp_path / "packages.lock"
    path.write_text(text)
    changes = debian.renew(card, ["tool", "other"], path, mirror.today)
    assert listed(changes, "library", "-", LIBRARY.version, "new")
    assert lock.read(path).packages == locked.packages
