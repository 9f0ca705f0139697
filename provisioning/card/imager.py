"""One kiosk's card as a file for Raspberry Pi Imager, and the list that Imager shows.

Source of the list: doc/json-schema/os-list-schema.json of Raspberry Pi Imager.
"""

import hashlib
import json
import subprocess
from datetime import UTC, datetime
from pathlib import Path

from kiosk.common import files
from kiosk.common.errors import CardError
from provisioning.card import tools
from provisioning.card.data_partition import Bundle
from provisioning.card.disk import trouble
from provisioning.card.image import Advance, Blocks, Image

LIST = "os_list.json"
_COMPRESS = ("zstd", "-q", "-3", "-T2", "-c")
"""Two threads; the root is compressed already, so that a higher level gains next to nothing."""


def write(bundle: Bundle, image: Image, blocks: Blocks, target: Path, advance: Advance) -> None:
    """Compress a card into `target`, whole or not at all, with its hash and an entry in the list.

    Raises CardError when it cannot be written.
    """
    digest = hashlib.sha256()
    with trouble(), files.drafted(target, files.PRIVATE) as draft:
        with tools.start(*_COMPRESS, stdin=subprocess.PIPE, stdout=draft.fileno()) as zstd:
            assert zstd.stdin is not None
            with zstd.stdin as stream:
                for _, block in blocks:
                    digest.update(block)
                    stream.write(block)
                    advance(len(block))
        if zstd.returncode:
            raise CardError(f"{target}: zstd", "dọn bớt rồi chạy lại (make room, run it again)")
    with target.open("rb") as written:
        packed = hashlib.file_digest(written, "sha256").hexdigest()
    files.write(target.with_name(f"{target.name}.sha256"), f"{packed}  {target.name}\n")
    entry = {
        "name": bundle.hall,
        "description": f"Hòm Thư Kiosk {image.version} · {bundle.kiosk[:8]}",
        "icon": "",
        "url": target.absolute().as_uri(),
        "extract_size": image.size,
        "extract_sha256": digest.hexdigest(),
        "image_download_size": target.stat().st_size,
        "image_download_sha256": packed,
        "release_date": f"{datetime.now(UTC):%Y-%m-%d}",
    }
    _enlist(target.with_name(LIST), entry)


def _enlist(path: Path, entry: dict[str, object]) -> None:
    try:
        listed = json.loads(path.read_text("utf-8"))["os_list"]
        others = [one for one in listed if one["url"] != entry["url"]]
    except (OSError, ValueError, KeyError, TypeError):
        others = []
    files.write(
        path, json.dumps({"os_list": [*others, entry]}, ensure_ascii=False, indent=2) + "\n"
    )
