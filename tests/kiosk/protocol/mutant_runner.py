"""Runs pytest on changed copies of the product: one fork a copy, libraries imported once.

Reads a JSON list of {path, old, new, tests} from standard input; works in the present folder, which
holds a copy of the product. Writes pytest's exit code for each as a JSON list.
"""

import contextlib
import importlib
import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest

LIBRARIES = (
    "cbor2",
    "cryptography.hazmat.primitives.ciphers.aead",
    "cryptography.hazmat.primitives.hpke",
    "hypothesis",
)


def main() -> None:
    """Answer the list on standard input."""
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    sys.dont_write_bytecode = True
    sys.path.insert(0, os.getcwd())
    for name in LIBRARIES:
        importlib.import_module(name)
    print(json.dumps([_outcome(mutant) for mutant in json.load(sys.stdin)]))


def _outcome(mutant: dict[str, Any]) -> int:
    changed = Path(mutant["path"])
    text = changed.read_text("utf-8")
    assert text.count(mutant["old"]) == 1, f"{mutant} does not fit the module any more"
    changed.write_text(text.replace(mutant["old"], mutant["new"]), "utf-8")
    child = os.fork()
    if not child:
        os._exit(_tested(mutant["tests"]))
    _, status = os.waitpid(child, 0)
    changed.write_text(text, "utf-8")
    return os.waitstatus_to_exitcode(status)


def _tested(tests: str) -> int:
    """Without assertion rewriting and tracebacks, which cost more than the tests."""
    options = ("-x", "-q", "--tb=no", "--assert=plain", "-p", "no:cacheprovider")
    with open(os.devnull, "w") as nowhere, contextlib.redirect_stdout(nowhere):
        return int(pytest.main([*options, tests]))


if __name__ == "__main__":
    main()
