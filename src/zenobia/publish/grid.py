"""Places made less exact: a point becomes the middle of a fixed cell of a fixed grid.

No chance is in it. A point that is released a hundred times is a hundred times the same, so that
averaging releases recovers nothing; and the cells of a coarser grid are made of whole cells of the
finer ones, so that two releases of different exactness tell no more than the finer alone.
"""

from __future__ import annotations

import math

__all__ = ["cell_km", "coarse"]

_KM_PER_DEGREE = 111.195  # of latitude, on a sphere of 6,371 km
_BAND = 10  # degrees of latitude over which cells have one width in degrees of longitude


def cell_km(km: float) -> float:
    """The side of the cells that a wish for ``km`` gets: the next of 1, 2, 4, 8 ... kilometres."""
    return float(2 ** max(0, math.ceil(math.log2(km)))) if km > 0 else 0.0


def coarse(lat: float, lon: float, km: float) -> tuple[float, float]:
    """The middle of the cell that a point lies in; cells are at least ``km`` wide and high.

    Args:
        lat: degrees, WGS 84.
        lon: degrees, WGS 84.
        km: 0 leaves the point as it is.

    Returns:
        Latitude and longitude, rounded to three decimals.
    """
    if km <= 0:
        return lat, lon
    high = cell_km(km) / _KM_PER_DEGREE
    poleward = min(80.0, (abs(lat) // _BAND + 1) * _BAND)  # where a band is narrowest
    wide = high / math.cos(math.radians(poleward))
    middle = (math.floor((lat + 90) / high) + 0.5) * high - 90, (math.floor((lon + 180) / wide) + 0.5) * wide - 180
    return round(min(middle[0], 90.0), 3), round(min(middle[1], 180.0), 3)
