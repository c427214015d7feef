"""Documents that the tests read: the repository's own samples."""

from pathlib import Path

import pytest

import yusuan

SAMPLES = Path(__file__).resolve().parents[2] / "samples"


@pytest.fixture(scope="session")
def sample() -> Path:
    return SAMPLES / "writer-grid.pdf"


@pytest.fixture(scope="session")
def doc(sample: Path) -> yusuan.Document:
    return yusuan.extract(sample)
