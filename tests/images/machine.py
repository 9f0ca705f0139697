"""An emulated 64-bit Arm machine that starts from a card's image, with screen and panel."""

import json
import socket
import subprocess
import time
from pathlib import Path
from typing import Any

from PIL import Image

from tests.images.qemu import UBOOT, qemu
from tests.waiting import DEADLINE, wait_until

SIZE = (800, 480)
TABLET = 0x7FFF
POLL_S = 0.5
UNPLUGGED_S = 2.0
"""For a hand to pull a plug; QEMU has then forgotten the device."""


class Machine:
    """One machine with one card; `folder` takes its log and its sockets.

    The board is QEMU's `virt`, since its Raspberry Pi 4 has no USB and no picture; boot.scr, the
    slots, the kernel, its arguments and all of the system are those of the image.
    """

    def __init__(self, folder: Path, card: Path) -> None:
        self.folder, self.card = folder, card
        self.log = folder / "serial.log"
        self._qmp = folder / "qmp"
        self._process: subprocess.Popen[bytes] | None = None
        self._control: Control | None = None

    def start(self) -> None:
        """Give it power."""
        assert self._process is None
        self._qmp.unlink(missing_ok=True)
        self._process = subprocess.Popen(self._command(), stdin=subprocess.DEVNULL)
        wait_until(self._qmp.exists, DEADLINE, "QEMU does not start")
        self._control = Control(self._qmp)

    def pull_the_plug(self) -> None:
        """Take the power away, whatever is being written."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._process = self._control = None

    def screen(self) -> Image.Image:
        """What the panel shows."""
        path = self.folder / "screen.ppm"
        self.control("screendump", filename=str(path))
        with Image.open(path) as image:
            return image.convert("RGB")

    def tap(self, spot: tuple[int, int]) -> None:
        """Touch the panel for a moment."""
        where = [
            {"type": "abs", "data": {"axis": axis, "value": place * TABLET // side}}
            for axis, place, side in zip("xy", spot, SIZE, strict=True)
        ]
        self.control("input-send-event", events=where)
        time.sleep(0.2)
        for down in (True, False):
            button = {"type": "btn", "data": {"button": "left", "down": down}}
            self.control("input-send-event", events=[button])
            time.sleep(0.3)

    def unplug_panel(self) -> None:
        """Pull the panel's USB plug."""
        self._unplug("panel")

    def plug_panel(self) -> None:
        """Put it back."""
        self.control("device_add", driver="usb-tablet", id="panel", bus="usb.0")

    def plug_stick(self, image: Path) -> None:
        """Plug in a USB stick whose content is this file."""
        self.control(
            "blockdev-add",
            **{"node-name": "stick", "driver": "raw", "read-only": True},
            file={"driver": "file", "filename": str(image)},
        )
        self.control("device_add", driver="usb-storage", id="stick", drive="stick", bus="usb.0")

    def unplug_stick(self) -> None:
        """Pull it out."""
        self._unplug("stick")
        self.control("blockdev-del", **{"node-name": "stick"})

    def _unplug(self, device: str) -> None:
        self.control("device_del", id=device)
        time.sleep(UNPLUGGED_S)

    def control(self, command: str, **arguments: object) -> Any:
        """One QMP command."""
        assert self._control is not None
        return self._control(command, arguments)

    def console(self) -> str:
        """What came out of the serial port since the first start."""
        return self.log.read_text("utf-8", "replace") if self.log.exists() else ""

    def _command(self) -> list[str]:
        return [
            *(*qemu(), "-M", "virt,gic-version=3"),
            *("-cpu", "cortex-a72", "-smp", "2", "-m", "2048", "-accel", "tcg,thread=multi"),
            *("-bios", str(UBOOT / "qemu_arm64" / "u-boot.bin")),
            *("-drive", f"if=none,id=card,file={self.card},format=raw,cache=writeback"),
            *("-device", "virtio-blk-pci,drive=card"),
            *("-device", f"virtio-gpu-pci,xres={SIZE[0]},yres={SIZE[1]}"),
            *("-device", "qemu-xhci,id=usb", "-device", "usb-tablet,id=panel,bus=usb.0"),
            *("-device", "virtio-rng-pci", "-netdev", "user,id=net"),
            *("-device", "virtio-net-pci,netdev=net,romfile="),
            *("-display", "none", "-monitor", "none"),
            *("-chardev", f"file,id=log,path={self.log},append=on", "-serial", "chardev:log"),
            *("-qmp", f"unix:{self._qmp},server=on,wait=off"),
        ]


class Control:
    """QEMU's machine protocol on a socket."""

    def __init__(self, path: Path) -> None:
        connection = socket.socket(socket.AF_UNIX)
        connection.connect(str(path))
        self._file = connection.makefile("rw")
        connection.close()
        self._file.readline()
        self("qmp_capabilities", {})

    def __call__(self, command: str, arguments: dict[str, object]) -> Any:
        """The answer to a command; what merely happens meanwhile is passed over."""
        self._file.write(json.dumps({"execute": command, "arguments": arguments}) + "\n")
        self._file.flush()
        while True:
            answer = json.loads(self._file.readline())
            if "error" in answer:
                raise RuntimeError(f"{command}: {answer['error']['desc']}")
            if "return" in answer:
                return answer["return"]
