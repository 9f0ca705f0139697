"""An update is a bundle that RAUC takes when, and only when, the authority has let its key sign."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from images import bundle
from kiosk.common.errors import ProvisioningError
from provisioning import authority, certificates
from provisioning.authority import Authority

VERSION = "2026.12.0"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return authority.create(
        tmp_path_factory.mktemp("authority"), "Nơi cấp phép", "bí mật của huyện"
    )


@pytest.fixture
def image(tmp_path: Path) -> Path:
    folder = tmp_path / "image"
    folder.mkdir()
    (folder / "homthu.img").write_bytes(os.urandom(24576))
    places = {"boot_a": (4096, 4096), "root_a": (8192, 16384)}
    partitions = [{"name": n, "start": at, "size": size} for n, (at, size) in places.items()]
    facts = {"format": 1, "version": VERSION, "partitions": partitions}
    (folder / "image.json").write_text(json.dumps(facts))
    return folder


def told_by_rauc(made: Path, keyring: bytes) -> "subprocess.CompletedProcess[str]":
    """As on the device: with its keyring, for the purpose that its system.conf asks for."""
    (made.parent / "keyring.pem").write_bytes(keyring)
    settings = made.parent / "system.conf"
    settings.write_text(
        "[system]\ncompatible=hom-thu-kiosk\nbootloader=noop\n\n"
        "[keyring]\npath=keyring.pem\ncheck-purpose=codesign\nuse-bundle-signing-time=true\n"
    )
    command = ["rauc", f"--conf={settings}", "info", "--output-format=json", str(made)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_a_signed_bundle_holds_both_partitions(root: Authority, image: Path) -> None:
    bundle.signer(root, image / "signer")
    made = image / "homthu-2026.12.0.raucb"
    bundle.make(image, image / "signer", made)
    told = told_by_rauc(made, certificates.pem(root.ca))
    assert told.returncode == 0, told.stderr
    facts = json.loads(told.stdout)
    assert (facts["compatible"], facts["version"]) == ("hom-thu-kiosk", VERSION)
    sizes = {slot: about["size"] for entry in facts["images"] for slot, about in entry.items()}
    assert sizes == {"root": 16384, "boot": 4096}


def test_another_authority_does_not_count(root: Authority, image: Path) -> None:
    other = authority.create(image / "other", "Nơi khác", "bí mật của huyện")
    bundle.signer(other, image / "signer")
    made = image / "homthu.raucb"
    bundle.make(image, image / "signer", made)
    assert told_by_rauc(made, certificates.pem(root.ca)).returncode == 1


def test_a_kiosks_own_key_signs_nothing(root: Authority, image: Path) -> None:
    key = certificates.new_key()
    signer = image / "signer"
    signer.mkdir()
    (signer / bundle.KEY).write_bytes(certificates.key_pem(key))
    certificate = certificates.client(root.ca_key, root.ca, "kiosk", key.public_key(), root.now)
    (signer / bundle.CERTIFICATE).write_bytes(certificates.pem(certificate))
    made = image / "homthu.raucb"
    bundle.make(image, signer, made)
    told = told_by_rauc(made, certificates.pem(root.ca))
    assert told.returncode == 1
    assert "purpose" in told.stderr


@pytest.mark.parametrize("missing", ["image.json", "signer"])
def test_what_is_missing_is_named(root: Authority, image: Path, missing: str) -> None:
    bundle.signer(root, image / "signer")
    for file in (image / missing, image / missing / bundle.KEY):
        if file.is_file():
            file.unlink()
    with pytest.raises(ProvisioningError, match="is not there"):
        bundle.make(image, image / "signer", image / "homthu.raucb")
    assert not list(image.glob("*.raucb"))


def test_half_an_image_is_refused(root: Authority, image: Path) -> None:
    bundle.signer(root, image / "signer")
    os.truncate(image / "homthu.img", 20000)
    with pytest.raises(ProvisioningError, match="is not whole"):
        bundle.make(image, image / "signer", image / "homthu.raucb")
    assert not list(image.glob("*.raucb"))
