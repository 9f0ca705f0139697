"""`python -m images.bundle`: an image as a signed update, which a kiosk installs from a stick.

The bundle is RAUC's, of its verity format: https://rauc.readthedocs.io/en/latest/reference.html
"""

import json
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import click

from images.assembly import IMAGE
from images.layout import MIB
from kiosk.common import files
from kiosk.common.command_line import explained
from kiosk.common.errors import ProvisioningError
from provisioning import certificates
from provisioning.authority import Authority
from provisioning.card.image import DESCRIPTION
from provisioning.commands.common import FOLDER, passphrase_option, unlocked

KEY, CERTIFICATE = "updates.key", "updates.pem"
SLOTS = {"root": "root_a", "boot": "boot_a"}
"""A slot of the card's system.conf, and the partition that it is filled from."""

FILE = click.Path(dir_okay=False, path_type=Path)


@click.group(epilog="Exit codes: 0, 1, 2 (cannot be made from this), 130.")
def main() -> None:
    """Sign the card's image as an update."""


@main.command("signer")
@click.argument("authority_folder", type=FOLDER)
@click.argument("folder", type=FOLDER)
@passphrase_option
def signer_command(authority_folder: Path, folder: Path, passphrase_file: Path | None) -> None:
    """Make a key in FOLDER whose updates the kiosks of this authority install."""
    with explained():
        signer(unlocked(authority_folder, passphrase_file), folder)
        click.echo(folder / KEY)


@main.command("make")
@click.argument("image", type=FOLDER)
@click.argument("signer", type=FOLDER)
@click.argument("bundle", type=FILE)
def make_command(image: Path, signer: Path, bundle: Path) -> None:
    """Write BUNDLE, named homthu-*.raucb, from the image in folder IMAGE and the key in SIGNER."""
    with explained():
        make(image, signer, bundle)
        click.echo(bundle)


def signer(root: Authority, folder: Path) -> None:
    """Write a new key for updates, and the authority's certificate for it, into `folder`."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    key = certificates.new_key()
    certificate = certificates.update_signer(root.ca_key, root.ca, key.public_key(), root.now)
    files.write(folder / KEY, certificates.key_pem(key), files.PRIVATE)
    files.write(folder / CERTIFICATE, certificates.pem(certificate))


def make(image: Path, signer: Path, bundle: Path, version: str = "") -> None:
    """Write the bundle of an image, which calls itself `version` or what the image says.

    `image` is the folder with image.json and homthu.img, `signer` that of the key. Raises
    ProvisioningError when one of them is not there, or the image is only a part of itself.
    """
    try:
        description = json.loads((image / DESCRIPTION).read_text("utf-8"))
        (signer / KEY).stat()
    except OSError as error:
        raise ProvisioningError(f"{error.filename} is not there", "make image; signer") from None
    with tempfile.TemporaryDirectory(dir=bundle.parent, prefix=".bundle-") as name:
        content = Path(name) / "content"
        content.mkdir()
        for slot, partition in SLOTS.items():
            _cut(image / IMAGE, _place(description, partition), content / f"{slot}.img")
        manifest = _manifest(version or description["version"])
        (content / "manifest.raucm").write_text(manifest, "utf-8")
        made = Path(name) / "bundle"
        _bundle(content, signer, made)
        made.replace(bundle)


def _manifest(version: str) -> str:
    images = "".join(f"\n[image.{slot}]\nfilename={slot}.img\n" for slot in SLOTS)
    update = f"[update]\ncompatible=hom-thu-kiosk\nversion={version}\n"
    return f"{update}\n[bundle]\nformat=verity\n{images}"


def _place(description: dict[str, Any], partition: str) -> tuple[int, int]:
    (found,) = (part for part in description["partitions"] if part["name"] == partition)
    return found["start"], found["size"]


def _cut(image: Path, place: tuple[int, int], result: Path) -> None:
    start, left = place
    with image.open("rb") as source, result.open("wb") as target:
        source.seek(start)
        while left and (piece := source.read(min(left, MIB))):
            left -= target.write(piece)
    if left:
        raise ProvisioningError(f"{image.name} is not whole", "make image")


def _bundle(content: Path, signer: Path, made: Path) -> None:
    command = ["rauc", "bundle", "--mksquashfs-args=-comp lz4"]
    command += [f"--key={signer / KEY}", f"--cert={signer / CERTIFICATE}"]
    done = subprocess.run([*command, content, made], capture_output=True, text=True, check=False)
    if done.returncode:
        raise ProvisioningError(f"rauc: {done.stderr.strip()[-600:]}", "install rauc")


if __name__ == "__main__":
    main()
