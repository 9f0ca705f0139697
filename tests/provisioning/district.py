"""An authority and a station as they are before anything was admitted, and the commands."""

import atexit
import base64
import json
import shutil
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import tomlkit
from click.testing import CliRunner, Result

from provisioning import authority
from provisioning.main import main
from tests.ports import free_port
from tests.remembered import REMEMBERED
from uplink.station.keys import AuthorityPublic, init_station

SECRET = "ruộng bậc thang mùa nước đổ"
STATION = "Đồn biên phòng Na Cô Sa"


@cache
def _made_once() -> Path:
    """An authority and a station for all districts of a run: to lock their keys takes a second."""
    folder = Path(mkdtemp(prefix="homthu-district-"))
    atexit.register(shutil.rmtree, folder)
    authority.create(folder / "authority", "Huyện", SECRET)
    public = AuthorityPublic.load(folder / "authority" / authority.PUBLIC)
    init_station(folder / "station", STATION, SECRET, public)
    return folder


class District:
    """Everything under one folder: `authority`, `station`, `kiosks` and what the tests add."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.authority = folder / "authority"
        self.station = folder / "station"
        self.kiosks = folder / "kiosks"
        self.bundle = folder / "bundle"
        self.secret = folder / "secret"
        self.port = free_port()
        self.secret.write_text(SECRET)
        shutil.copytree(_made_once() / "authority", self.authority)
        shutil.copytree(_made_once() / "station", self.station)

    @property
    def public(self) -> AuthorityPublic:
        return AuthorityPublic.load(self.authority / authority.PUBLIC)

    @property
    def request(self) -> Path:
        return self.station / "request.json"

    @property
    def unlocked(self) -> authority.Authority:
        return authority.unlock(self.authority, SECRET, derivation=REMEMBERED)

    def run(self, *arguments: object, answers: str | None = None) -> Result:
        """`homthu-provision` with the authority's passphrase."""
        given = [*map(str, arguments), "--passphrase-file", str(self.secret)]
        return CliRunner().invoke(main, given, input=answers, obj=REMEMBERED)

    def done(self, *arguments: object) -> str:
        """As `run`; what it told when it went well."""
        result = self.run(*arguments)
        assert result.exit_code == 0, result.output
        return result.output

    def admit(self, *options: object) -> None:
        """The station with a broker on this machine's loopback."""
        address = f"127.0.0.1:{self.port}"
        self.done("station", self.authority, self.request, self.bundle, "--broker", address,
                  "--listen", address, *options)  # fmt: skip

    def add(self, *villages: str, **common: object) -> str:
        """Kiosks of these villages, by a file."""
        file = self.folder / "halls.toml"
        file.write_text(toml(common, villages), "utf-8")
        return self.done("kiosk", "add", self.authority, STATION, self.kiosks, "--file", file)

    def fleet(self, *options: object) -> list[dict[str, object]]:
        told = CliRunner().invoke(
            main, ["fleet", str(self.authority), "--json", *map(str, options)]
        )
        assert told.exit_code == 0, told.output
        return [json.loads(line) for line in told.output.splitlines()]

    def request_key(self) -> bytes:
        return base64.b64decode(json.loads(self.request.read_text())["report_key"])


def toml(defaults: Mapping[str, object], villages: tuple[str, ...]) -> str:
    kiosks = [{"village": village} for village in villages]
    return tomlkit.dumps({"defaults": defaults, "kiosk": kiosks})


def tree(folder: Path) -> dict[str, bytes]:
    """Every file under a folder, hidden ones too."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
