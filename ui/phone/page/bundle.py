"""One script from the page's modules and its content, made by esbuild."""

import json
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from kiosk.common.errors import KioskError
from kiosk.common.event_codes import EventCode

ROOT = Path(__file__).parents[3]
CURE = "run `npm ci`"
_ESBUILD = ROOT / "node_modules" / ".bin" / "esbuild"


class BundleError(KioskError):
    """The page's script cannot be bundled."""

    code = EventCode.PAGE_NOT_BUILT


def bundle(entry: Path, content: dict[str, Any]) -> str:
    """The script at `entry` with all it imports, `content` among them, as one text.

    Raises BundleError with what the bundler says.
    """
    if not _ESBUILD.exists():
        raise BundleError("esbuild is not installed", CURE)
    with tempfile.TemporaryDirectory() as folder:
        words = Path(folder) / "content.json"
        words.write_text(json.dumps(content, ensure_ascii=False), "utf-8")
        done = subprocess.run(
            [_ESBUILD, entry, "--bundle", "--minify", "--charset=utf8", "--target=es2020",
             "--format=iife", f"--alias:content={words}", "--log-level=error"],
            capture_output=True, check=False, text=True, cwd=ROOT,
        )  # fmt: skip
    if done.returncode:
        raise BundleError(f"esbuild: {done.stderr.strip()}", CURE)
    return done.stdout.strip()
