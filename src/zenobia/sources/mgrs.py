"""MGRS grid references, as armies write positions, in degrees.

Source: NGA.STND.0037, Universal Grids and the Transverse Mercator and Polar Stereographic Map
Projections (2014); the inverse projection after Krüger (1912) as given by Karney (2011),
doi:10.1007/s00190-011-0445-3, to the fourth order, which is below a millimetre within a zone.
"""

from __future__ import annotations

import math
import re

from zenobia.terms import InputError

__all__ = ["from_mgrs"]

_FORM = re.compile(r"(\d{1,2})([C-HJ-NP-X])([A-HJ-NP-Z])([A-HJ-NP-V])(\d*)")
_BANDS = "CDEFGHJKLMNPQRSTUVWX"
_COLUMNS = ("ABCDEFGH", "JKLMNPQR", "STUVWXYZ")
_ROWS = "ABCDEFGHJKLMNPQRSTUV"

# WGS 84, and the scale of the central meridian.
_RADIUS, _FLATTENING, _SCALE = 6378137.0, 1 / 298.257223563, 0.9996
_EAST, _SOUTH = 500_000.0, 10_000_000.0


def from_mgrs(text: str) -> tuple[float, float]:
    """Latitude and longitude in degrees of the middle of the square that a reference names.

    ``37SCV0012345678`` names a metre, ``37SCV01`` a square of ten kilometres.

    Raises:
        InputError: it is no MGRS reference, or names a square that does not exist.
    """
    found = _FORM.fullmatch(re.sub(r"\s+", "", text).upper())
    if not found or len(found[5]) % 2 or len(found[5]) > 10 or not 1 <= int(found[1]) <= 60:
        raise _no_reference(text)
    zone, band, digits = int(found[1]), found[2], found[5]
    half = len(digits) // 2
    unit = 10.0 ** (5 - half)
    column = _COLUMNS[(zone - 1) % 3].find(found[3]) + 1
    if not column:
        raise _no_reference(text)
    easting = column * 100_000 + (int(digits[:half] or 0) + 0.5) * unit
    # Rows begin at F in zones of even number.
    row = (_ROWS.index(found[4]) - (0 if zone % 2 else 5)) % 20
    northing = row * 100_000 + (int(digits[half:] or 0) + 0.5) * unit
    return _in_band(text, zone, band, easting, northing)


def _in_band(text: str, zone: int, band: str, easting: float, northing: float) -> tuple[float, float]:
    """Rows repeat every 2,000 km: the one that lies in the band of latitude is meant."""
    south = -80 + 8 * _BANDS.index(band)
    north = 84 if band == "X" else south + 8
    for turn in range(6):
        lat, lon = _degrees(zone, easting, northing + turn * 2_000_000, southern=band < "N")
        # A square may reach a little over the edge of its band.
        if south - 1 <= lat <= north + 1:
            return lat, lon
    raise _no_reference(text)


def _degrees(zone: int, easting: float, northing: float, *, southern: bool) -> tuple[float, float]:
    n = _FLATTENING / (2 - _FLATTENING)
    rectifying = _RADIUS / (1 + n) * (1 + n**2 / 4 + n**4 / 64)
    beta = (
        n / 2 - 2 * n**2 / 3 + 37 * n**3 / 96 - n**4 / 360,
        n**2 / 48 + n**3 / 15 - 437 * n**4 / 1440,
        17 * n**3 / 480 - 37 * n**4 / 840,
        4397 * n**4 / 161280,
    )
    xi = (northing - (_SOUTH if southern else 0)) / (_SCALE * rectifying)
    eta = (easting - _EAST) / (_SCALE * rectifying)
    xi_, eta_ = xi, eta
    for order, b in enumerate(beta, 1):
        xi_ -= b * math.sin(2 * order * xi) * math.cosh(2 * order * eta)
        eta_ -= b * math.cos(2 * order * xi) * math.sinh(2 * order * eta)
    lat = _geographic(math.sin(xi_) / math.cosh(eta_))
    return lat, zone * 6 - 183 + math.degrees(math.atan2(math.sinh(eta_), math.cos(xi_)))


def _geographic(sine: float) -> float:
    """Geographic latitude in degrees from the sine of the conformal one, by fixed-point iteration."""
    e = math.sqrt(_FLATTENING * (2 - _FLATTENING))
    conformal = math.atanh(max(-1 + 1e-15, min(1 - 1e-15, sine)))
    s = sine
    for _ in range(8):
        s = math.tanh(conformal + e * math.atanh(e * s))
    return math.degrees(math.asin(s))


def _no_reference(text: str) -> InputError:
    return InputError(
        "not an MGRS grid reference",
        value=text,
        expected="zone, band, square and digits, as 37SCV1234567890",
        fix="check the letters (I and O are never used), or write latitude and longitude",
    )
