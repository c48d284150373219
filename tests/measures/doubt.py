"""A control estimate in doubt: a share of the draws that is exactly the chance that a test tells."""

import zlib

import numpy as np

from tests.measures.by_hand import Believed
from zenobia.measures import Prepared


class Doubtful(Believed):
    """Each draw of a place has one number for all its days, and the place the state under it: chances are exact."""

    def draws(self, place, start, end, n, seed):
        order = np.random.default_rng(zlib.crc32(place.encode())).permutation(n)
        edges = np.cumsum([self._row(place, day) for day in range(start, end)], axis=1)
        at = ((order + 0.5) / n)[:, None, None]
        return (at >= edges[None, :, :-1]).sum(axis=2).astype(np.int8)


def doubtful(draws=100, **places):
    """For each place from which day which chances."""
    return Prepared(control=Doubtful(dict(places)), draws=draws)
