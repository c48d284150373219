"""Archives are opened one table at a time, and never swell without end."""

from __future__ import annotations

import gzip
import io
import zipfile

import pytest

from zenobia.sources import archives
from zenobia.sources.archives import opened
from zenobia.terms import InputError


def packed(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, held in parts.items():
            archive.writestr(name, held)
    return out.getvalue()


@pytest.fixture
def read(tmp_path):
    def reading(raw: bytes, name: str) -> tuple[bytes, str]:
        (tmp_path / name).write_bytes(raw)
        with opened(tmp_path / name, name) as (stream, inner):
            return stream.read(), inner

    return reading


def test_the_one_table_of_an_archive_is_read(read):
    assert read(packed({"in/list.csv": b"a\n1\n", "readme.pdf": b"%PDF"}), "x.zip") == (b"a\n1\n", "list.csv")


def test_a_gzipped_table_is_read(read):
    assert read(gzip.compress(b"a\n1\n"), "list.csv.gz") == (b"a\n1\n", "list.csv")


def test_two_tables_are_not_guessed_between(read):
    with pytest.raises(InputError, match=r"one\.csv, two\.csv"):
        read(packed({"one.csv": b"a\n", "two.csv": b"b\n"}), "x.zip")


def test_an_archive_without_a_table_says_what_is_in_it(read):
    with pytest.raises(InputError, match=r"photo\.jpg"):
        read(packed({"photo.jpg": b"x"}), "x.zip")


@pytest.mark.parametrize("raw", [b"PK\x03\x04 cut", b"", b"not an archive"])
def test_a_damaged_archive_is_refused(read, raw):
    with pytest.raises(InputError, match="damaged"):
        read(raw, "x.zip")


def test_a_damaged_gzip_is_refused(read):
    with pytest.raises(InputError, match="damaged"):
        read(gzip.compress(b"a\n" * 1000)[:-12], "x.csv.gz")


def test_a_bomb_is_refused_by_what_it_says_of_itself(read, monkeypatch):
    monkeypatch.setattr(archives, "_RATIO_COUNTS_FROM", 2**20)
    with pytest.raises(InputError, match="unpacks to too much"):
        read(packed({"x.csv": b"0" * (3 * 2**20)}), "x.zip")  # a thousandfold


def test_a_bomb_that_lies_about_its_size_is_refused_while_it_is_read(read, monkeypatch):
    monkeypatch.setattr(archives, "_RATIO_COUNTS_FROM", 2**20)
    with pytest.raises(InputError, match="unpacks to too much"):
        read(gzip.compress(b"0" * (8 * 2**20)), "x.csv.gz")  # gzip declares nothing that is looked at


def test_a_file_of_any_size_that_packs_like_a_table_is_read(read, monkeypatch):
    monkeypatch.setattr(archives, "_RATIO_COUNTS_FROM", 1000)
    table = b"".join(b"%d,%d\n" % (i, i * 7919 % 10007) for i in range(5000))
    assert read(packed({"x.csv": table}), "x.zip")[0] == table


def test_what_is_read_is_limited_whatever_the_ratio(read, monkeypatch):
    monkeypatch.setattr(archives, "LARGEST_UNPACKED", 1000)
    with pytest.raises(InputError, match="unpacks to too much"):
        read(gzip.compress(b"a,b\n" * 500), "x.csv.gz")
