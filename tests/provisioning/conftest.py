"""What the tests of provisioning share."""

from pathlib import Path

import pytest

from tests.provisioning.district import District


@pytest.fixture
def district(tmp_path: Path) -> District:
    return District(tmp_path)


@pytest.fixture
def admitted(district: District) -> District:
    """A district whose station is admitted."""
    district.admit()
    return district
