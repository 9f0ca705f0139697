"""The station's command, run to its end within the test, and messages sent by it."""

import uplink.courier.main
import uplink.station.commands.main
from tests.uplink.stick import Done, run
from tests.uplink.village import Village


def station(village: Village, *arguments: str) -> Done:
    """A command of the station, with its configuration."""
    config = str(village.station / "station.toml")
    return run(uplink.station.commands.main.main, *arguments, "--config", config)


def send(village: Village, *arguments: str) -> str:
    secret = ("--passphrase-file", str(village.station / "passphrase"))
    done = station(village, "send", *arguments, *(() if arguments[0] == "manifest" else secret))
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()
