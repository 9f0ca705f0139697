"""A bare system: the card's kernel with modules, busybox and one script in its initramfs."""

import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

from tests.images.qemu import BOARD

DEPMOD = "modules.*"
_INIT = """\
#!/bin/busybox sh
busybox mkdir -p /proc /sys /dev /bin /sbin
busybox --install -s /bin
mount -t proc none /proc
mount -t sysfs none /sys
mount -t devtmpfs none /dev
{script}
poweroff -f
"""


def initramfs(folder: Path, modules: Path, files: Iterable[Path], script: str) -> bytes:
    """An initramfs that runs a script of busybox and switches the machine off.

    `modules` is the folder of one kernel's modules and `files` those in it that are taken; `folder`
    is worked in.
    """
    system = folder / "system"
    place = system / "lib/modules" / modules.name
    for file in (*files, *modules.glob(DEPMOD)):
        target = place / file.relative_to(modules)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, target)
    (system / "bin").mkdir(parents=True)
    shutil.copy(BOARD / "usr/bin/busybox", system / "bin")
    (system / "init").write_text(_INIT.format(script=script))
    (system / "init").chmod(0o755)
    names = sorted(str(path.relative_to(system)) for path in system.rglob("*"))
    command = ["cpio", "--quiet", "--create", "--format=newc", "--owner=0:0"]
    feed = "\n".join(names).encode()
    return subprocess.run(command, cwd=system, input=feed, check=True, capture_output=True).stdout
