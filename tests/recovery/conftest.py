"""The invented press, and an invented war that it reports."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest


@pytest.fixture(scope="session")
def press(project: Path) -> ModuleType:
    """tools/press.py, which tells a known truth badly."""
    spec = importlib.util.spec_from_file_location("press", project / "tools" / "press.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["press"] = module  # a dataclass looks its own module up by name
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def war(press: ModuleType) -> object:
    """Forty towns, three holders, 300 days: a third change hands, most of them after some days of fighting."""
    rng = np.random.default_rng(11)
    held = np.empty((40, 300), dtype=np.int8)
    for town in range(40):
        holder = int(rng.integers(3))
        held[town] = holder
        if town % 3 == 0:
            day, fought = int(rng.integers(40, 260)), int(rng.integers(0, 12))
            held[town, day - fought : day] = 3
            held[town, day:] = (holder + 1 + int(rng.integers(2))) % 3
    places = tuple(f"town-{n:02d}" for n in range(40))
    return press.Truth(places=places, first=18_000, holders=("reds", "blues", "greens"), held=held)
