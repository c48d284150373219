"""What lies round a place: which places are near, and who holds them.

How much each neighbour counts is worked out by kriging: near ones count more, and of several that lie close together,
which tell the same, each counts less. Weighed by distance alone a place beside a cluster of villages would hear
nothing but these.

Source: Journel, "Nonparametric estimation of spatial distributions" (1983): indicator kriging.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import shapely

from zenobia.control.fast import kernels
from zenobia.record import View

__all__ = ["Round", "around", "mean_around", "reached", "start_around", "weights"]

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

# A place learns nothing from farther away than this, and from no more than so many.
REACH_KM = 150.0
_MOST = 32
# How alike places are, e^(-km / this), before anything is learned.
USUAL_KM = 120.0
# What is each place's own, beside what it shares with the ground it lies in: a variance, that being 1.
_OWN = 0.3
# The ground round a place is worth at most this many places, and what holds everywhere this many: so it can make
# a start likely, never sure, however many towns it holds.
_NEAR, _EVERYWHERE = 3.0, 2.0
_KM_PER_DEGREE = 111.2
# Places looked at in one go.
_BATCH = 4096


class Round(NamedTuple):
    """Pairs of a place and one near to it that reports speak of; sorted by place, the nearest first, shape (m,).

    ``begin`` (P + 1,) says where the pairs of each place begin, ``spots`` (P, 2) where places lie, in kilometres.
    """

    place: Ints
    other: Ints
    km: Floats
    begin: Ints
    spots: Floats


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
    """Up to 32 of the nearest places that reports speak of, for each place; none of one without a position.

    Args:
        told: (P,) which of the places reports speak of.
    """
    spots = _spots(view, places)
    held = _tree(spots, np.flatnonzero(told))
    if held is None:
        nothing = np.zeros(0, dtype=np.int64)
        return Round(nothing, nothing, np.zeros(0), np.zeros(len(places) + 1, dtype=np.int64), spots)
    tree, of_tree = held
    placed = np.flatnonzero(~np.isnan(spots[:, 0]))
    found = [_pairs(tree, of_tree, spots, placed[low : low + _BATCH]) for low in range(0, len(placed), _BATCH)]
    place, other, km = (np.concatenate(column) for column in zip(*found, strict=True))
    return Round(place, other, km, np.searchsorted(place, np.arange(len(places) + 1)), spots)


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


def weights(near: Round, km: float, ways: Floats | None = None) -> Floats:
    """How much each pair counts, (m,), 0 or more: those of simple kriging, save that none counts against.

    Places are alike by e^(-km apart / km). Together the weights of a place come to about 1 where others lie close
    by, and to less the farther off they are: what is missing is for what holds everywhere to say.

    Args:
        ways: what a way of so many kilometres east and north counts as round each place, matrices (P, 2, 2); as the
            crow flies without.
    """
    weight = np.zeros(len(near.place))
    placed = np.flatnonzero(np.diff(near.begin))
    for low in range(0, len(placed), _BATCH):
        rows = placed[low : low + _BATCH]
        first, end = near.begin[rows[0]], near.begin[rows[-1] + 1]
        part = slice(int(first), int(end))
        at = np.searchsorted(rows, near.place[part]), np.arange(first, end) - near.begin[near.place[part]]
        weight[part] = _kriged(near, part, at, rows, km, ways)[at]
    return weight


def _kriged(near: Round, part: slice, at: tuple[Ints, Ints], rows: Ints, km: float, ways: Floats | None) -> Floats:
    """The weights of some places' neighbours, (places, most of one); those who have fewer are filled up with none."""
    places, most = len(rows), int(at[1].max()) + 1
    other = np.zeros((places, most), dtype=np.int64)
    likeness = np.zeros((places, most))
    other[at] = near.other[part]
    spot, away = near.spots[other], near.km[part]
    if ways is not None:
        spot = (spot - near.spots[rows][:, None]) @ ways[rows]
        away = np.hypot(*spot[at].T)
    likeness[at] = np.exp(-away / km)
    there = likeness > 0
    apart = np.hypot(*np.moveaxis(spot[:, :, None] - spot[:, None], 3, 0))
    among = np.where(there[:, :, None] & there[:, None], np.exp(-apart / km), 0.0)
    among[:, np.arange(most), np.arange(most)] = 1.0 + _OWN
    return np.asarray(np.linalg.solve(among, likeness[:, :, None])[:, :, 0].clip(0.0))


def mean_around(near: Round, weight: Floats, held: Floats) -> tuple[Floats, Floats]:
    """The mean of what is held round each place, (P, ...), and how much stands behind it, (P,), at most 1.

    Args:
        weight: (m,) of each pair. held: (P, ...) chances at each place.
    """
    total = np.bincount(near.place, weight, len(near.begin) - 1)
    flat = held.reshape(len(held), -1)
    told = kernels(len(near.place) * flat.shape[1] // held.shape[-1]).around(near.begin, near.other, weight, flat)
    told /= np.where(total > 0, total, 1.0)[:, None]
    return told.reshape(len(total), *held.shape[1:]), np.minimum(total, 1.0)


def start_around(near: Round, weight: Floats, held: Floats, everywhere: Floats) -> Floats:
    """Chances on the first day of all from the places round each one, shape (P, S).

    Args:
        held: (P, S) chances at each place on that day. everywhere: (S,) what holds for all.
    """
    mean, trusted = mean_around(near, weight, held)
    mixed = _NEAR * trusted[:, None] * np.clip(mean, 0.0, 1.0) + _EVERYWHERE * everywhere
    return np.asarray(mixed / mixed.sum(axis=1, keepdims=True))
