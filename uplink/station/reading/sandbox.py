"""Decodes what a stranger has sent in a process of its own that can do nothing else.

Pictures and voices come from unknown hands and are decoded by large libraries in C. So the process
has a minute, a gigabyte, and may open no file and no socket; bytes go in and bytes come out.
"""

import os
import resource
import subprocess
import sys

CPU_S = 60
MEMORY = 1 << 30
STREAMS = 3
REFUSED = 3


def run(module: str, data: bytes) -> bytes | None:
    """What the main program of `module` makes of `data`; None when it refuses or takes too much."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", module],
            input=data,
            capture_output=True,
            timeout=2 * CPU_S,
            env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
            check=False,
        )
    except subprocess.TimeoutExpired:
        return None
    return None if done.returncode else done.stdout


def give_up_everything() -> None:
    """Called by the module once all it needs is imported."""
    limits = {
        resource.RLIMIT_CPU: CPU_S,
        resource.RLIMIT_AS: MEMORY,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NOFILE: STREAMS,
    }
    for kind, limit in limits.items():
        resource.setrlimit(kind, (limit, limit))
