"""Packaging: which packages and data make the product, and which commands it installs."""

import re
from pathlib import Path

from setuptools import find_packages, setup

ROOT = Path(__file__).parent
DOMAIN = (ROOT / "kiosk" / "__init__.py").read_text("utf-8")
VERSION = re.search(r'^__version__ = "(.+)"$', DOMAIN, re.MULTILINE)[1]

COMMANDS = {
    "homthu-kiosk": "ui.touch.main:main",
    "homthu-voice": "audio.main:main",
    "homthu-phone": "ui.phone.server.main:main",
    "homthu-courier": "uplink.courier.main:main",
    "homthu-station": "uplink.station.commands.main:main",
    "homthu-provision": "provisioning.main:main",
}

setup(
    name="hom-thu-kiosk",
    version=VERSION,
    description="An anonymous, spoken, picture-guided report kiosk for mountain villages",
    license="Apache-2.0",
    python_requires=">=3.11.2,!=3.12.*,<3.14",
    packages=find_packages(
        include=[
            f"{top}{rest}"
            for top in ("kiosk", "ui", "audio", "uplink", "provisioning")
            for rest in ("", ".*")
        ]
    ),
    package_data={
        "kiosk.common": ["*.toml"],
        "kiosk.content": ["*.toml", "strings/*.toml", "strings/*.tsv"],
        "kiosk.protocol": ["*.toml"],
        "audio.hmong": ["*.toml", "*.txt"],
        "ui.tiles": ["*.toml"],
        "uplink.station.desk.notices": ["*.toml"],
        "uplink.station.desk.web": ["*.toml", "static/*", "templates/*"],
        "uplink.station.database.migrations": ["*.mako"],
        "provisioning": ["*.toml", "*.txt", "templates/*/*"],
        "provisioning.paper": ["*.toml"],
    },
    install_requires=(ROOT / "requirements.in").read_text().split(),
    entry_points={"console_scripts": [f"{name}={target}" for name, target in COMMANDS.items()]},
)
