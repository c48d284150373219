"""A public name is listed in `__all__` and says what it is."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from types import ModuleType

import pytest

import zenobia

MODULES = sorted(
    ["zenobia", *(m.name for m in pkgutil.walk_packages(zenobia.__path__, "zenobia.") if "._" not in m.name)]
)
FACES = [name for name in MODULES if name.count(".") <= 1]  # the rooms; what stands inside one is its own affair


@pytest.mark.parametrize("name", MODULES)
def test_every_module_says_what_it_is(name: str) -> None:
    assert (importlib.import_module(name).__doc__ or "").strip(), f"{name} has no docstring"


@pytest.mark.parametrize("name", FACES)
def test_every_room_lists_its_public_names(name: str) -> None:
    module = importlib.import_module(name)
    assert sorted(set(_defined(module)) - set(getattr(module, "__all__", ()))) == []
    assert hasattr(module, "__all__"), f"{name} has no __all__"


@pytest.mark.parametrize("name", MODULES)
def test_whatever_is_listed_is_there_once(name: str) -> None:
    module = importlib.import_module(name)
    listed = list(getattr(module, "__all__", ()))
    assert [n for n in listed if not hasattr(module, n)] == []
    assert len(listed) == len(set(listed))


@pytest.mark.parametrize("name", FACES)
def test_every_public_name_has_a_docstring(name: str) -> None:
    module = importlib.import_module(name)
    undocumented = [
        label
        for public in getattr(module, "__all__", ())
        for label, thing in _with_methods(public, getattr(module, public))
        if not _documented(thing)
    ]
    assert undocumented == []


def _defined(module: ModuleType) -> list[str]:
    """Classes and functions that this module itself defines under a public name."""
    return [
        name
        for name, thing in vars(module).items()
        if not name.startswith("_")
        and (inspect.isclass(thing) or inspect.isfunction(thing))
        and thing.__module__ == module.__name__
    ]


def _documented(thing: object) -> bool:
    words = (inspect.getdoc(thing) or "").strip()
    # A dataclass without a docstring is given its own signature for one.
    return bool(words) and not words.startswith(f"{getattr(thing, '__name__', '')}(")


def _with_methods(name: str, thing: object) -> list[tuple[str, object]]:
    if inspect.isfunction(thing):
        return [(name, thing)]
    if not inspect.isclass(thing) or not thing.__module__.startswith("zenobia"):
        return []
    if getattr(thing, "_is_protocol", False):  # its members are told by those who keep to it
        return [(name, thing)]
    # A class inherits the docstring of `object`'s methods; only what it writes itself is asked for.
    own = [(n, m) for n, m in vars(thing).items() if not n.startswith("_")]
    methods = [(f"{name}.{n}", m) for n, m in own if inspect.isfunction(m) or isinstance(m, property)]
    return [(name, thing), *methods]
