"""What lies round a place: which places are near, and who holds them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import shapely

from zenobia.record import View

__all__ = ["Round", "around", "mean_around", "reached", "start_around", "weights"]

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

# A place learns nothing from farther away than this, and from no more than so many.
REACH_KM = 150.0
_MOST = 24
# How far apart places may be for one to say much of the other, before anything is learned.
USUAL_KM = 30.0
# The ground round a place is worth at most this many places, and what holds everywhere this many: so it can make
# a start likely, never sure, however many towns it holds.
_NEAR, _EVERYWHERE = 3.0, 2.0
_KM_PER_DEGREE = 111.2
# Places looked at in one go.
_BATCH = 4096


class Round(NamedTuple):
    """Pairs of a place and one near to it that reports speak of; sorted by place, the nearest first, shape (m,).

    ``begin`` (P + 1,) says where the pairs of each place begin.
    """

    place: Ints
    other: Ints
    km: Floats
    begin: Ints


def reached(view: View, mentioned: Sequence[str]) -> list[str]:
    """The places of the case that no report speaks of but that lie within reach of one that some do; sorted."""
    told = set(mentioned)
    silent = sorted(p.id for p in view.places.values() if p.id not in told and p.lat is not None and p.lon is not None)
    spots = _spots(view, [*mentioned, *silent])
    near = _tree(spots[: len(mentioned)])
    if near is None or not silent:
        return []
    found = near[0].query(shapely.points(spots[len(mentioned) :]), predicate="dwithin", distance=REACH_KM)[0]
    return [silent[k] for k in np.unique(found)]


def around(view: View, places: Sequence[str], told: npt.NDArray[np.bool_]) -> Round:
    """Up to 24 of the nearest places that reports speak of, for each place; none of one without a position.

    Args:
        told: (P,) which of the places reports speak of.
    """
    spots = _spots(view, places)
    held = _tree(spots, np.flatnonzero(told))
    if held is None:
        nothing = np.zeros(0, dtype=np.int64)
        return Round(nothing, nothing, np.zeros(0), np.zeros(len(places) + 1, dtype=np.int64))
    tree, of_tree = held
    placed = np.flatnonzero(~np.isnan(spots[:, 0]))
    found = [_pairs(tree, of_tree, spots, placed[low : low + _BATCH]) for low in range(0, len(placed), _BATCH)]
    place, other, km = (np.concatenate(column) for column in zip(*found, strict=True))
    return Round(place, other, km, np.searchsorted(place, np.arange(len(places) + 1)))


def _spots(view: View, places: Sequence[str]) -> Floats:
    """Positions in kilometres on a plane that is true in the middle of the case, (P, 2); NaN for none."""
    held = [view.places.get(place) for place in places]
    lat = np.array([p.lat if p is not None and p.lat is not None else np.nan for p in held], dtype=float)
    lon = np.array([p.lon if p is not None and p.lon is not None else np.nan for p in held], dtype=float)
    nowhere = np.isnan(lat) | np.isnan(lon)
    middle = float(np.cos(np.radians(lat[~nowhere].mean()))) if not nowhere.all() else 1.0
    spots = np.stack([lon * middle, lat], axis=1) * _KM_PER_DEGREE
    spots[nowhere] = np.nan
    return np.asarray(spots)


def _tree(spots: Floats, among: Ints | None = None) -> tuple[shapely.STRtree, Ints] | None:
    """A tree of those that have a position, and which each of it is."""
    rows = np.arange(len(spots)) if among is None else among
    rows = rows[~np.isnan(spots[rows, 0])]
    return (shapely.STRtree(shapely.points(spots[rows])), rows) if len(rows) else None


def _pairs(tree: shapely.STRtree, of_tree: Ints, spots: Floats, rows: Ints) -> tuple[Ints, Ints, Floats]:
    """The nearest of the tree for some places: looked for close by, and farther off for those with few there."""
    extent = np.ptp(spots[of_tree], axis=0).clip(1.0)
    close = float(np.sqrt(extent.prod() * 2 * _MOST / (np.pi * len(of_tree))))
    place, other, km = _within(tree, of_tree, spots, rows, min(close, REACH_KM))
    few = np.bincount(np.searchsorted(rows, place), minlength=len(rows)) < _MOST // 2
    if close < REACH_KM and few.any():
        kept = ~np.isin(place, rows[few])
        far = _within(tree, of_tree, spots, rows[few], REACH_KM)
        place, other, km = (np.concatenate([a[kept], b]) for a, b in zip((place, other, km), far, strict=True))
    order = np.lexsort((other, km, place))
    place, other, km = place[order], other[order], km[order]
    first = np.searchsorted(place, place)
    nearest = np.arange(len(place)) - first < _MOST
    return place[nearest], other[nearest], km[nearest]


def _within(tree: shapely.STRtree, of_tree: Ints, spots: Floats, rows: Ints, km: float) -> tuple[Ints, Ints, Floats]:
    asked, hit = tree.query(shapely.points(spots[rows]), predicate="dwithin", distance=km)
    place, other = rows[asked], of_tree[hit]
    apart = place != other
    place, other = place[apart], other[apart]
    return place, other, np.hypot(*(spots[place] - spots[other]).T)


def weights(near: Round, km: float) -> Floats:
    """How much each pair counts, (m,): e^(-distance / km)."""
    return np.asarray(np.exp(-near.km / km))


def mean_around(near: Round, weight: Floats, held: Floats) -> tuple[Floats, Floats]:
    """The mean of what is held round each place, (P, ...), and how much stands behind it, (P,), at most 1.

    Args:
        weight: (m,) of each pair. held: (P, ...) chances at each place.
    """
    places = len(near.begin) - 1
    total = np.bincount(near.place, weight, places)
    mean = np.zeros((places, *held.shape[1:]))
    flat, out = held.reshape(len(held), -1), mean.reshape(places, -1)
    for low in range(0, places, _BATCH):
        begin = near.begin[low : low + _BATCH + 1]
        some = np.flatnonzero(np.diff(begin) > 0)
        if len(some):
            pairs = slice(int(begin[0]), int(begin[-1]))
            told = flat[near.other[pairs]] * weight[pairs, None]
            out[low + some] = np.add.reduceat(told, begin[:-1][some] - begin[0], axis=0) / total[low + some, None]
    return mean, np.minimum(total, 1.0)


def start_around(near: Round, weight: Floats, held: Floats, everywhere: Floats) -> Floats:
    """Chances on the first day of all from the places round each one, shape (P, S).

    Args:
        held: (P, S) chances at each place on that day. everywhere: (S,) what holds for all.
    """
    mean, trusted = mean_around(near, weight, held)
    mixed = _NEAR * trusted[:, None] * np.clip(mean, 0.0, 1.0) + _EVERYWHERE * everywhere
    return np.asarray(mixed / mixed.sum(axis=1, keepdims=True))
