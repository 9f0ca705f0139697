"""Packaging: which packages and data make the product, and which commands it installs."""

from pathlib import Path

from setuptools import find_packages, setup

ROOT = Path(__file__).parent

COMMANDS = {
    "homthu-kiosk": "ui.touch.main:main",
    "homthu-voice": "audio.main:main",
    "homthu-phone": "ui.phone.main:main",
    "homthu-courier": "uplink.main:main",
    "homthu-station": "uplink.station.main:main",
    "homthu-provision": "provisioning.main:main",
}

setup(
    name="hom-thu-kiosk",
    version="0.1.0",
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
        "kiosk": ["*.toml", "strings/*.toml", "strings/*.tsv"],
        "audio.hmong": ["*.toml", "*.txt"],
        "ui.tiles": ["*.toml"],
        "uplink.station.desk": ["*.toml", "static/*", "templates/*"],
        "ui.touch": ["*.kv"],
        "uplink.station.migrations": ["*.mako"],
        "provisioning": ["*.toml", "*.txt", "templates/*/*"],
        "provisioning.paper": ["*.toml"],
    },
    install_requires=(ROOT / "requirements.in").read_text().split(),
    entry_points={"console_scripts": [f"{name}={target}" for name, target in COMMANDS.items()]},
)
