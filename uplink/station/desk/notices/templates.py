"""Sample words for notices, out of `notices.toml`."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

from kiosk.content import catalog as catalogues
from kiosk.content.catalog import HMONG, Catalog
from kiosk.protocol.notice import TOPICS


@dataclass(frozen=True)
class Sample:
    """Words to begin with; `confidence` is that of the Hmong ones, "" where there are none."""

    title: str = ""
    topic: str = TOPICS[0]
    vi: str = ""
    hmn: str = ""
    confidence: str = ""


@cache
def samples() -> dict[str, Sample]:
    """All samples by name; the Hmong words are those of the catalogue."""
    text = (
        resources.files("uplink.station.desk.notices").joinpath("templates.toml").read_text("utf-8")
    )
    catalog = catalogues.load()
    return {name: _sample(entry, catalog) for name, entry in tomllib.loads(text).items()}


def _sample(entry: dict[str, str], catalog: Catalog) -> Sample:
    plain = Sample(entry["title"], entry["topic"], entry["vi"])
    if "hmong" not in entry:
        return plain
    words = catalog.words(entry["hmong"], HMONG)
    return Sample(plain.title, plain.topic, plain.vi, words.show, words.confidence)
