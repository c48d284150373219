"""Live parts: a closed list, read and never run."""

from __future__ import annotations

import pytest

from zenobia.publish.directives import parse
from zenobia.terms import InputError


def test_arguments_go_by_position_or_by_name() -> None:
    by_position = parse(' held("isis", "palmyra").months ', file=None, line=1)
    by_name = parse('held(place="palmyra", holder="isis").months', file=None, line=1)
    assert by_position.arguments == by_name.arguments == {"holder": "isis", "place": "palmyra"}
    assert by_position.attribute == "months"


def test_an_unknown_directive_names_file_line_and_the_nearest_one() -> None:
    with pytest.raises(InputError) as caught:
        parse("clams()", file="briefs/palmyra.md", line=12)
    message = str(caught.value)
    assert "briefs/palmyra.md, row 12" in message
    assert 'did you mean "claims"' in message


@pytest.mark.parametrize(
    "attack",
    [
        '__import__("os").system("true")',
        'claim(open("/etc/passwd"))',
        'claim("C01".__class__)',
        "claim(1 + 1)",
        'claim(f"{1}")',
        "claim(*[1])",
        "claim(**{})",
        "().__class__.__bases__[0]",
        "lambda: claims()",
        "(claims := claim)()",
        "claims",
        "claims();claims()",
        "",
        "claim(" * 300,
        "[" * 5000,
        "\x00",
    ],
)
def test_nothing_but_a_plain_call_is_understood(attack: str) -> None:
    with pytest.raises(InputError):
        parse(attack, file=None, line=1)


@pytest.mark.parametrize(
    "source",
    ['claim("C01", "C02")', "claim()", 'map(on="2016-03-20", colour="red")', 'claims("C01")', 'claim("a", id="b")'],
)
def test_wrong_arguments_say_what_the_directive_takes(source: str) -> None:
    with pytest.raises(InputError, match=r"expected: (claim|map|claims)\("):
        parse(source, file=None, line=1)


def test_an_unknown_attribute_is_refused_with_the_known_ones() -> None:
    with pytest.raises(InputError, match=r"held\(...\).days or held\(...\).months"):
        parse('held("isis", "palmyra").weeks', file=None, line=3)
    with pytest.raises(InputError, match="needs an attribute"):
        parse('held("isis", "palmyra")', file=None, line=3)
    with pytest.raises(InputError, match="unknown attribute"):
        parse("record().secret", file=None, line=3)
