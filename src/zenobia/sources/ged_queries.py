"""The SQL that reads a GED file: cells of text to typed rows, to reports, and the traps it holds.

All in the portable part of the dialect; `zenobia.sources.QUERIES` names them for the test that takes
each to a cluster.
"""

from __future__ import annotations

__all__ = ["CITED", "DOUBTS", "QUERIES", "REPORTS", "TYPED"]


def _code(column: str) -> str:
    """A code of one digit, which a spreadsheet may have made ``3.0``; whatever else stands there is none."""
    is_one = f"REGEXP_MATCHES(TRIM({column}), '^[0-9]([.]0*)?$')"
    return f"CASE WHEN {is_one} THEN CAST(SUBSTRING(TRIM({column}), 1, 1) AS INTEGER) END"


# cells(row, the columns of GED as text but for what it cites; begins, ends: the days; actor_a, actor_b: ids): figures
# as numbers, codes as codes, and in `fault` the first rule that a row breaks.
TYPED = """
WITH read AS (
    SELECT c.*,
        REGEXP_REPLACE(TRIM(id), '[.]0+$', '') AS key,
        {violence} AS violence,
        {where_code} AS where_code,
        {date_code} AS date_code,
        TRY_CAST(latitude AS DOUBLE) AS lat, TRY_CAST(longitude AS DOUBLE) AS lon,
        TRY_CAST(low AS DOUBLE) AS low_n, TRY_CAST(best AS DOUBLE) AS best_n, TRY_CAST(high AS DOUBLE) AS high_n,
        TRY_CAST(deaths_a AS DOUBLE) AS a_n, TRY_CAST(deaths_b AS DOUBLE) AS b_n,
        TRY_CAST(deaths_civilians AS DOUBLE) AS civilians_n, TRY_CAST(deaths_unknown AS DOUBLE) AS unknown_n
    FROM cells AS c
)
SELECT
    row, key, violence, where_code, date_code, begins, ends, lat, lon, low_n, best_n, high_n, a_n, b_n, civilians_n,
    unknown_n, actor_a, actor_b, side_a, side_b, dyad_name, country, adm_1, adm_2, where_coordinates, code_status,
    CASE
        WHEN key = '' THEN 'id'
        WHEN violence IS NULL OR violence NOT IN (1, 2, 3) THEN 'type_of_violence'
        WHEN begins IS NULL THEN 'date_start'
        WHEN ends IS NULL THEN 'date_end'
        WHEN ends < begins THEN 'date_end before date_start'
        WHEN TRIM(latitude) <> '' AND (lat IS NULL OR NOT lat BETWEEN -90 AND 90) THEN 'latitude'
        WHEN TRIM(longitude) <> '' AND (lon IS NULL OR NOT lon BETWEEN -180 AND 180) THEN 'longitude'
        WHEN lat IS NULL AND lon IS NOT NULL THEN 'latitude'
        WHEN lat IS NOT NULL AND lon IS NULL THEN 'longitude'
        WHEN TRIM(best) <> '' AND (best_n IS NULL OR NOT best_n BETWEEN 0 AND 1e9) THEN 'best'
        WHEN TRIM(low) <> '' AND (low_n IS NULL OR NOT low_n BETWEEN 0 AND 1e9) THEN 'low'
        WHEN TRIM(high) <> '' AND (high_n IS NULL OR NOT high_n BETWEEN 0 AND 1e9) THEN 'high'
        WHEN TRIM(deaths_a) <> '' AND (a_n IS NULL OR NOT a_n BETWEEN 0 AND 1e9) THEN 'deaths_a'
        WHEN TRIM(deaths_b) <> '' AND (b_n IS NULL OR NOT b_n BETWEEN 0 AND 1e9) THEN 'deaths_b'
        WHEN TRIM(deaths_civilians) <> '' AND (civilians_n IS NULL OR NOT civilians_n BETWEEN 0 AND 1e9)
            THEN 'deaths_civilians'
        WHEN TRIM(deaths_unknown) <> '' AND (unknown_n IS NULL OR NOT unknown_n BETWEEN 0 AND 1e9)
            THEN 'deaths_unknown'
    END AS fault,
    CASE
        WHEN where_code IN (1, 2, 5) AND LOWER(where_coordinates) = LOWER(country) THEN 'country'
        WHEN where_code IN (1, 2, 5) AND LOWER(where_coordinates) = LOWER(adm_1) THEN 'admin1'
        WHEN where_code = 1 THEN 'exact'
        WHEN where_code IN (2, 5) THEN 'near'
        WHEN where_code = 3 THEN 'admin2'
        WHEN where_code = 4 THEN 'admin1'
        WHEN where_code = 6 THEN 'country'
        ELSE 'unknown'
    END AS where_word
FROM read
""".format(violence=_code("type_of_violence"), where_code=_code("where_prec"), date_code=_code("date_prec"))

# typed: the reports of UCDP, names as ids of the feed's own actors; a place only where it is more than a province.
REPORTS = """
SELECT
    row, key, country AS scope,
    'event id ' || key AS locator,
    CASE WHEN violence = 3 THEN 'attack-on-civilians' ELSE 'battle' END AS type,
    begins AS date,
    CAST(ends + INTERVAL 1 DAY AS DATE) AS date_to,
    CASE date_code
        WHEN 1 THEN CASE WHEN begins = ends THEN 'day' ELSE 'range' END
        WHEN 3 THEN 'week' WHEN 4 THEN 'month' WHEN 5 THEN 'year' ELSE 'range'
    END AS date_precision,
    CASE WHEN where_word IN ('exact', 'near') THEN NULLIF(TRIM(where_coordinates), '') END AS place,
    CASE where_word
        WHEN 'admin2' THEN COALESCE(NULLIF(TRIM(adm_2), ''), NULLIF(TRIM(adm_1), ''), country)
        WHEN 'admin1' THEN COALESCE(NULLIF(TRIM(adm_1), ''), country)
        WHEN 'country' THEN country
    END AS area,
    NULLIF(TRIM(adm_1), '') AS admin1,
    lat, lon, where_word AS where_precision,
    CASE WHEN violence = 3 THEN actor_a ELSE COALESCE(actor_a || '|' || actor_b, actor_a, actor_b) END AS actor,
    CASE WHEN violence = 3 THEN actor_b ELSE actor_a || '|' || actor_b END AS target,
    LEAST(low_n, best_n, high_n) AS deaths_low, best_n AS deaths_best,
    GREATEST(low_n, best_n, high_n) AS deaths_high,
    CASE WHEN violence = 3 THEN a_n END AS deaths_actor,
    civilians_n AS deaths_civilians, unknown_n AS deaths_unknown,
    dyad_name
        || CASE
            WHEN violence = 3 THEN ''
            ELSE COALESCE('; dead of ' || side_a || ' ' || CAST(CAST(a_n AS BIGINT) AS VARCHAR), '')
                || COALESCE('; dead of ' || side_b || ' ' || CAST(CAST(b_n AS BIGINT) AS VARCHAR), '')
        END
        || CASE
            WHEN low_n > best_n OR best_n > high_n OR low_n > high_n
            THEN '; published as low ' || CAST(low_n AS VARCHAR) || ', best ' || CAST(best_n AS VARCHAR)
                || ', high ' || CAST(high_n AS VARCHAR)
            ELSE ''
        END
        || CASE
            WHEN TRIM(code_status) = '' OR LOWER(code_status) = 'clear' THEN ''
            ELSE '; status: ' || code_status
        END AS note
FROM typed
"""

# items(row, office, day, headline): each cited item once, with the first event that cites it.
CITED = """
SELECT
    SUBSTRING(MD5(office || '|' || CAST(day AS VARCHAR) || '|' || COALESCE(headline, '')), 1, 16) AS key,
    MIN(row) AS row, office AS source, day AS published, headline AS quote, 'statement' AS type,
    'cited by UCDP GED event ' || MIN(event)
        || CASE WHEN COUNT(*) > 1 THEN ' and ' || CAST(COUNT(*) - 1 AS VARCHAR) || ' more' ELSE '' END AS locator
FROM items
GROUP BY office, day, headline
ORDER BY key
"""

# typed, said(row, earliest: the first day of a cited item), middles(country, lat, lon: the middle of its events),
# strangers(row, named: a party that the headline names and that is no side, headline):
# rows that are kept although something about them is odd.
DOUBTS = """
WITH odd AS (
    SELECT row, 'figures out of order' AS trap, 'fault' AS severity,
        'low ' || CAST(low_n AS VARCHAR) || ', best ' || CAST(best_n AS VARCHAR)
            || ', high ' || CAST(high_n AS VARCHAR) AS value,
        'the range is taken as the least and the most of the three' AS says
    FROM typed WHERE low_n > best_n OR best_n > high_n OR low_n > high_n
    UNION ALL
    SELECT row, 'centroid', 'doubt', where_coordinates,
        'the place is a whole ' || CASE where_word WHEN 'country' THEN 'country' ELSE 'province' END
            || ', so the point is its middle and no place'
    FROM typed WHERE where_code IN (1, 2, 5) AND where_word IN ('admin1', 'country')
    UNION ALL
    SELECT row, 'unknown code', 'doubt', 'where_prec ' || COALESCE(CAST(where_code AS VARCHAR), 'is none'),
        'how precise the point is, is not known'
    FROM typed WHERE where_code IS NULL OR NOT where_code BETWEEN 1 AND 7
    UNION ALL
    SELECT t.row, 'swapped day and month', 'doubt',
        CAST(t.begins AS VARCHAR) || ', cited ' || CAST(s.earliest AS VARCHAR),
        'with day and month exchanged it would be ' || STRFTIME(t.begins, '%Y-%d-%m') || ', when its source wrote'
    FROM typed AS t JOIN said AS s ON t.row = s.row
    WHERE t.date_code = 1
        AND (s.earliest < t.begins OR s.earliest > t.begins + INTERVAL 27 DAY)
        AND s.earliest >= TRY_CAST(STRFTIME(t.begins, '%Y-%d-%m') AS DATE)
        AND s.earliest <= TRY_CAST(STRFTIME(t.begins, '%Y-%d-%m') AS DATE) + INTERVAL 7 DAY
    UNION ALL
    SELECT t.row, 'cited before it happened', 'doubt', 'cited ' || CAST(s.earliest AS VARCHAR),
        'the first item that is cited is older than the event of ' || CAST(t.begins AS VARCHAR)
    FROM typed AS t JOIN said AS s ON t.row = s.row WHERE s.earliest < t.begins
    UNION ALL
    SELECT t.row, 'cited long after', 'note', 'cited ' || CAST(s.earliest AS VARCHAR),
        'the first item that is cited is more than a year younger than the event of ' || CAST(t.begins AS VARCHAR)
    FROM typed AS t JOIN said AS s ON t.row = s.row WHERE s.earliest > t.ends + INTERVAL 365 DAY
    UNION ALL
    SELECT t.row, 'wrong hemisphere', 'doubt', CAST(t.lat AS VARCHAR) || ', ' || CAST(t.lon AS VARCHAR),
        'far from the other events of ' || t.country || '; a sign is wrong, or the two are swapped'
    FROM typed AS t JOIN middles AS m ON t.country = m.country
    WHERE ABS(t.lat - m.lat) + ABS(t.lon - m.lon) > 20
        AND LEAST(
            ABS(-t.lat - m.lat) + ABS(t.lon - m.lon),
            ABS(t.lat - m.lat) + ABS(-t.lon - m.lon),
            ABS(t.lon - m.lat) + ABS(t.lat - m.lon)
        ) < 10
    UNION ALL
    SELECT s.row, 'dyad against headline', 'doubt', s.headline,
        'the headline names ' || s.named || ', which is no side of ' || t.dyad_name
    FROM strangers AS s JOIN typed AS t ON s.row = t.row
)
SELECT * FROM odd ORDER BY row, trap
"""

# typed: the middle of each country's events.
MIDDLES = """
SELECT country, MEDIAN(lat) AS lat, MEDIAN(lon) AS lon FROM typed GROUP BY country HAVING COUNT(lat) >= 10
"""

QUERIES: dict[str, str] = {
    "ged typed": TYPED,
    "ged reports": REPORTS,
    "ged cited": CITED,
    "ged middles": MIDDLES,
    "ged doubts": DOUBTS,
}
