"""The outbox on cards that fail: bad-inputs 34 to 39. What can be read goes on being sent."""

import os
import secrets
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kiosk.cells import BODY, Chunk, Header, Receipt, Status
from kiosk.errors import OutboxError
from kiosk.outbox import Outbox
from tests.cards import Card, needs_root

KEY = secrets.token_bytes(32)
ROWS = 64


def chunk() -> Chunk:
    return Chunk(Header(1, False, secrets.token_bytes(16), 0, 1), secrets.token_bytes(BODY))


def readable(outbox: Outbox) -> set[Chunk]:
    return {found for row, _ in outbox.waiting() if (found := outbox.take(row))}


@pytest.fixture
def card(tmp_path: Path) -> Iterator[Card]:
    card = Card(tmp_path / "card")
    yield card
    card.pull()


@pytest.fixture
def kept(card: Card) -> set[Chunk]:
    """What an outbox on the card holds, whose process has not ended cleanly."""
    return set()
