"""What goes into the data partition of one kiosk: its bundle, and `card.json` which names it."""

import json
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from kiosk.common import files
from kiosk.common.errors import CardError
from kiosk.device import config
from provisioning.card import ext4, identity
from provisioning.card.disk import trouble
from provisioning.card.image import DATA, Image

CARD = "card.json"
BUNDLE = "kiosk"
KIOSK = "kiosk.toml"
WRITTEN = "cards.json"
"""In the bundle, never on a card: the cards that it was put on."""


@dataclass(frozen=True)
class Bundle:
    """The folder of one kiosk that homthu-provision made."""

    folder: Path
    kiosk: str
    hall: str

    def written(self) -> list[dict[str, str]]:
        """The cards that bear this kiosk's identity, oldest first."""
        try:
            cards: list[dict[str, str]] = json.loads((self.folder / WRITTEN).read_text("utf-8"))
        except FileNotFoundError:
            return []
        except ValueError:
            raise CardError(
                f"{self.folder / WRITTEN} hỏng (damaged)", "xóa nó (remove it)"
            ) from None
        return cards

    def note(self, image: Image, place: str) -> None:
        """Record one more card, written at `place`."""
        card = {"day": f"{datetime.now(UTC):%Y-%m-%d}", "image": image.version, "place": place}
        text = json.dumps([*self.written(), card], ensure_ascii=False, indent=2)
        with trouble():
            files.write(self.folder / WRITTEN, text + "\n", files.PRIVATE)


def bundle(folder: Path) -> Bundle:
    """The bundle in a folder. Raises ConfigError or CardError unless it is sound today."""
    kiosk = config.load(folder / KIOSK)
    found = Bundle(folder, kiosk.kiosk_id.hex(), kiosk.site.hall)
    for finding in identity.examine(
        identity.in_folder(folder), found.kiosk, datetime.now(UTC), None
    ):
        if not finding.good:
            raise CardError(
                f"{folder}: {finding.detail}",
                "làm lại bằng homthu-provision kiosk (make it again with homthu-provision kiosk)",
            )
    return found


def partition(bundle: Bundle, image: Image) -> bytes:
    """The data partition of a kiosk for that image. Raises CardError when it does not fit."""
    about = {
        "kiosk": bundle.kiosk,
        "hall": bundle.hall,
        "image": image.version,
        "sha256": image.sha256,
    }
    with trouble(), ext4.staged(bundle.folder) as stage:
        content, made = stage / "content", stage / "data.ext4"
        content.mkdir()
        content.chmod(0o755)
        without = shutil.ignore_patterns(WRITTEN)
        shutil.copytree(bundle.folder, content / BUNDLE, ignore=without, symlinks=True)
        files.write(content / CARD, json.dumps(about, ensure_ascii=False) + "\n")
        ext4.make(content, made, image.partitions[DATA].size, bundle.kiosk + image.sha256)
        return made.read_bytes()
