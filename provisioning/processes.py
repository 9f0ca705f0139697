"""Starting and ending the processes of a village on this machine."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from kiosk.common.errors import ProvisioningError

GRACE_S = 5.0


def python(module: str, *arguments: str | Path) -> list[str]:
    """The command line of one of our own modules."""
    return [sys.executable, "-m", module, *map(str, arguments)]


@contextlib.contextmanager
def running(
    command: list[str], extra_environment: Mapping[str, str] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """A process that runs while the context lasts; its output goes to standard error."""
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=sys.stderr.fileno(),
            stderr=sys.stderr.fileno(),
            env={**os.environ, **(extra_environment or {})},
            start_new_session=True,
        )
    except FileNotFoundError:
        raise ProvisioningError(
            f"{command[0]} is not installed", "run `make setup` as root or with sudo"
        ) from None
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(GRACE_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def free_port() -> int:
    """A TCP port on the loopback address that nobody uses at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_until(
    true: Callable[[], bool], limit_s: float, what: str, *alive: subprocess.Popen[bytes]
) -> None:
    """Wait for something; ProvisioningError after `limit_s` or when a process it needs has died."""
    deadline = time.monotonic() + limit_s
    while not true():
        dead = [process for process in alive if process.poll() is not None]
        if dead or time.monotonic() > deadline:
            why = f"{Path(str(dead[0].args[0])).name} ended" if dead else f"not in {limit_s:g} s"  # type: ignore[index]
            raise ProvisioningError(f"{what}: {why}", "look at the messages above")
        time.sleep(0.1)


def answers(address: str, port: int) -> bool:
    """Whether something listens on a port of this machine."""
    with contextlib.suppress(OSError), socket.create_connection((address, port), 0.5):
        return True
    return False
