"""The briefing: one file, nothing loaded, nothing run, every number with its evidence."""

from __future__ import annotations

import dataclasses
import re
from datetime import date
from html.parser import HTMLParser
from typing import Any

import pytest

from zenobia.publish import Evidence, Holder, Tallies, write_brief
from zenobia.publish.programs import script
from zenobia.terms import InputError, NotFound, Place

TEXT = """---
title: Ten months
author: A. Reader
---
ISIS held Palmyra for {{ held("isis", "palmyra").months }}. The record is {{ record() }}.

## Before

{{ map(on="2016-03-20") }}

{{ control(place="palmyra") }}

{{ strip(place="palmyra", from="2015-12-01", to="2016-05-01") }}

{{ changes() }}

{{ front(on="2016-03-20", apart=60) }}

{{ strikes(actor="russia", from="2016-01-01", to="2016-05-01") }}

## Verdicts

{{ contents() }}

{{ claims() }}
"""
VOID = {"meta", "link", "img", "br", "hr", "input", "base", "source", "embed", "wbr", "col", "area", "track", "param"}


class Reading(HTMLParser):
    """A page as a browser takes it apart: its tags with attributes, and its visible text."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    @property
    def ids(self) -> list[str]:
        return [id for _, attributes in self.tags if (id := attributes.get("id"))]

    @property
    def links(self) -> list[str]:
        return [href for tag, attributes in self.tags if tag == "a" and (href := attributes.get("href"))]

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())


def test_the_same_text_and_numbers_give_the_same_bytes(numbers: Any) -> None:
    assert write_brief(TEXT, numbers) == write_brief(TEXT, numbers)


def test_a_page_loads_nothing(numbers: Any) -> None:
    page = write_brief(TEXT, numbers)
    tags = Reading(page).tags
    assert not {tag for tag, _ in tags} & {"link", "img", "iframe", "object", "embed", "image", "use", "base"}
    for tag, attributes in tags:
        assert not {"src", "srcset", "xlink:href", "background", "poster", "action"} & set(attributes)
        assert tag == "a" or "href" not in attributes
    assert not re.search(r"url\((?!#)|@import|javascript:", page, re.IGNORECASE)
    outside = set(re.findall(r"https?://[^\"' <]+", page))
    assert outside == {"http://www.w3.org/2000/svg", "https://example.org/b12"}


def test_a_page_forbids_itself_to_load_anything(numbers: Any) -> None:
    policy = next(a["content"] for t, a in Reading(write_brief(TEXT, numbers)).tags if "http-equiv" in a)
    assert policy is not None
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'; img-src data:")


def test_every_link_within_the_page_has_a_target_and_no_name_is_given_twice(numbers: Any) -> None:
    page = Reading(write_brief(TEXT, numbers))
    assert len(page.ids) == len(set(page.ids))
    inner = {link[1:] for link in page.links if link.startswith("#")}
    assert inner
    assert inner <= set(page.ids)


def test_every_report_behind_a_number_has_its_row(numbers: Any) -> None:
    page = Reading(write_brief(TEXT, numbers))
    assert {id for id in page.ids if id.startswith("r-")} == {"r-r1", "r-r2", "r-r3", "r-r4", "r-r_20_5_2f__e9_"}


def test_a_row_of_evidence_says_who_said_what_when_and_where(numbers: Any) -> None:
    text = Reading(write_brief(TEXT, numbers)).text
    for part in ("27 March 2016", "State agency", "stands with Government", "full control over the city", "line 3"):
        assert part in text


def test_a_number_in_a_sentence_carries_unit_limits_promise_and_evidence(numbers: Any) -> None:
    page = Reading(write_brief(TEXT, numbers))
    assert "held Palmyra for 10 months (9.9 to 10.3)" in page.text  # 304.375, 300, 312 days by 30.4375
    assert "nine chances in ten, by the control estimate. Asked as held(" in page.text
    assert "#n-1" in page.links


def test_evidence_that_the_record_does_not_hold_stops_the_page(numbers: Any) -> None:
    numbers.reports = [row for row in numbers.reports if row.id != "r3"]
    with pytest.raises(NotFound, match="evidence that the record does not hold"):
        write_brief(TEXT, numbers)


def test_claims_come_in_order_with_verdicts_now_and_then(numbers: Any) -> None:
    page = write_brief(TEXT, numbers)
    assert re.findall(r'<article class="card [^"]+" id="([^"]+)"', page) == ["c-C01", "c-C12", "c-C22"]
    card = page[page.index('id="c-C01"') : page.index('id="c-C12"')]
    assert re.findall(r"<span>(supported|partly|cannot tell)</span>", card) == [
        "supported",  # the headline
        "supported",  # now
        "partly",  # as known then
        "supported",  # its part
        "cannot tell",  # the flip
    ]


def test_the_table_of_contents_leads_to_each_card_under_its_paragraph(numbers: Any) -> None:
    places = {"C01": "paragraph 10", "C12": "paragraph 2", "C22": None}
    numbers.claims = [claim | {"at": places[claim["id"]]} for claim in numbers.claims]
    page = write_brief("{{ contents() }}\n\n{{ claims() }}", numbers)
    contents = page[page.index('<nav class="overview"') : page.index("</nav>", page.index('<nav class="overview"'))]
    assert re.findall(r'href="#(c-C\d+)"', contents) == ["c-C12", "c-C01", "c-C22"]  # 2 before 10, none last
    assert re.findall(r">(Paragraph \d+)<", contents) == ["Paragraph 2", "Paragraph 10"]
    assert re.findall(r'<article class="card [^"]+" id="([^"]+)"', page) == ["c-C12", "c-C01", "c-C22"]
    assert page.count('<nav class="overview"') == 1


def test_what_another_document_says_follows_under_the_name_of_who_said_it(numbers: Any) -> None:
    documents = {"C01": "article", "C12": "speech", "C22": "article"}
    numbers.claims = [claim | {"at": "paragraph 3", "document": documents[claim["id"]]} for claim in numbers.claims]
    page = write_brief("{{ claims() }}", numbers)
    assert re.findall(r'<article class="card [^"]+" id="([^"]+)"', page) == ["c-C01", "c-C22", "c-C12"]
    assert re.findall(r'scope="rowgroup"[^>]*>([^<]+)<', page) == ["Paragraph 3", "A. N. Analyst, paragraph 3"]


def test_a_table_of_contents_leads_only_where_there_is_a_card(numbers: Any) -> None:
    page = Reading(write_brief('{{ contents() }}\n\n{{ claim("C12") }}', numbers))
    assert "#c-C12" in page.links
    assert "#c-C01" not in page.links
    assert "3 claims: 1 supported, 1 contradicted, 1 cannot tell." in page.text


def test_the_cards_of_one_paragraph_may_stand_by_themselves(numbers: Any) -> None:
    numbers.claims = [claim | {"at": "paragraph 2" if claim["id"] == "C12" else None} for claim in numbers.claims]
    page = write_brief('{{ claims(at="paragraph 2") }}', numbers)
    assert re.findall(r'<article class="card [^"]+" id="([^"]+)"', page) == ["c-C12"]
    with pytest.raises(NotFound, match='did you mean "paragraph 2"'):
        write_brief('{{ claims(at="paragraph 22") }}', numbers)


def test_forty_claims_make_forty_cards_and_forty_lines_of_contents(numbers: Any) -> None:
    numbers.claims = [numbers.claims[0] | {"id": f"C{n:02}", "at": f"paragraph {n // 4}"} for n in range(40)]
    page = Reading(write_brief("{{ claims() }}", numbers))
    assert len([id for id in page.ids if re.fullmatch(r"c-C\d\d", id)]) == 40
    assert len([link for link in page.links if re.fullmatch(r"#c-C\d\d", link)]) >= 40


def test_claims_of_others_about_the_same_thing_stand_side_by_side(numbers: Any) -> None:
    first = numbers.claims[0] | {"beside_claims": ["C12", "C99"]}
    numbers.claims = [first, *numbers.claims[1:]]
    page = write_brief("{{ claims() }}", numbers)
    table = page[page.index("What others say of the same thing") :]
    rows = re.findall(r'<tr><th scope="row">(C\d+)</th>', table[: table.index("</table>")])
    assert rows == ["C01", "C12"]  # itself first; one that the record does not hold is not shown
    assert "What others say of the same thing" not in write_brief('{{ claim("C12") }}', numbers)


def test_a_claim_of_a_cause_says_that_order_is_not_cause(numbers: Any) -> None:
    words = "Order in time is not cause"
    assert words not in write_brief("{{ claims() }}", numbers)
    numbers.claims = [numbers.claims[0] | {"causal": True}]
    assert words in write_brief("{{ claims() }}", numbers)


def test_a_card_among_others_is_folded_to_its_verdict_and_a_line(numbers: Any) -> None:
    page = write_brief("{{ claims() }}", numbers)
    card = page[page.index('id="c-C12"') : page.index("</article>", page.index('id="c-C12"'))]
    before, _, after = card.partition('<details class="full"><summary>')
    assert ">contradicted<" in before
    assert "Found: " in after[: after.index("</summary>")]
    assert 'class="because"' not in before


def test_a_card_by_itself_stands_open(numbers: Any) -> None:
    assert '<details class="full" open>' in write_brief('{{ claim("C01") }}', numbers)


def test_a_voice_whose_reports_are_listed_beside_says_how_many_they_are(numbers: Any) -> None:
    voice = {"name": "Monitor", "found": numbers.claims[0]["found"], "reports": numbers.claims[0]["for"][:1]}
    numbers.claims = [numbers.claims[0] | {"method": {"by_source": [voice]}, "parts": []}]
    page = write_brief("{{ claims() }}", numbers)
    row = page[page.index('<th scope="row">Monitor') :]
    assert row[: row.index("</tr>")].endswith("<td>1</td>")


def test_the_figure_of_a_card_leads_to_its_reports(numbers: Any) -> None:
    page = Reading(write_brief('{{ claim("C01") }}', numbers))
    assert "#c-C01-evidence" in page.links
    assert "c-C01-evidence" in page.ids


def test_a_long_list_of_reports_is_set_out_once_and_pointed_to_after(numbers: Any) -> None:
    many = [Evidence(id=f"m{n}", source="List", says="a strike", published=date(2016, 5, 1)) for n in range(30)]
    numbers.reports = [*numbers.reports, *many]
    part = {"says": "a part", "verdict": "supported", "found": None, "for": [e.id for e in many]}
    numbers.claims = [numbers.claims[0] | {"parts": [part, part]}]
    page = write_brief("{{ claims() }}", numbers)
    # thirty of one source and day: the day once, then numbers
    assert '<a href="#r-m0">1 May 2016</a>, <a href="#r-m1">2</a>' in page
    assert page.count('<a href="#list-1">the same 30 reports as listed before</a>') == 1
    assert page.count('<span id="list-1">') == 1


def test_a_long_table_of_evidence_is_folded_by_year(numbers: Any) -> None:
    many = [Evidence(id=f"m{n}", source="List", says="x", published=date(2014 + n % 2, 5, 1)) for n in range(70)]
    numbers.reports = [*numbers.reports, *many]
    numbers.claims = [numbers.claims[0] | {"for": [e.id for e in many]}]
    page = write_brief("{{ claims() }}", numbers)
    assert "Published in 2014: 35 reports" in page
    assert '<details class="year">' in page
    assert '<details class="year" open>' in write_brief('{{ control(place="palmyra") }}', numbers)


def test_a_claim_that_cannot_be_tested_says_what_would_settle_it(numbers: Any) -> None:
    assert "What would settle it: the minutes of the talks" in Reading(write_brief(TEXT, numbers)).text


def test_the_claimants_own_word_stands_in_a_list_of_its_own(numbers: Any) -> None:
    page = write_brief('{{ claim("C01") }}', numbers)
    own = page[page.index('class="list-claimant"') :]
    assert "#r-r4" in own[: own.index("</section>")]


def test_record_and_moment_of_knowledge_stand_at_the_top_and_at_the_bottom(numbers: Any) -> None:
    numbers.stamp = dataclasses.replace(numbers.stamp, known=date(2016, 4, 1))
    page = write_brief("Nothing else.", numbers)
    top, bottom = page[: page.index("<main")], page[page.index("<footer") :]
    for part in (top, bottom):
        assert "1 April 2016" in part
        assert numbers.stamp.record in part


def test_a_map_has_a_table_and_a_summary_beside_it(numbers: Any) -> None:
    page = Reading(write_brief('{{ map(on="2016-03-20") }}', numbers))
    assert "Of 3 places that reports speak of, most likely held by: Syrian government 1, Islamic State 1" in page.text
    assert "Nothing was heard for 90 days of: al-Qaryatayn." in page.text
    assert "Tiyas التياس Syrian government 0.99" in page.text
    assert "claimed by its own side only" in page.text


def test_a_map_around_a_place_leaves_out_what_is_farther(numbers: Any) -> None:
    page = Reading(write_brief('{{ map(on="2016-03-20", around="palmyra", km=40) }}', numbers))
    # Tiyas lies .6 degrees west of Palmyra: .6 x 111.2 x cos 34.56 = 55 km, and 1.25 x 40 = 50 are shown
    assert "Of 1 places" not in page.text
    assert "Of 1 place that reports speak of, most likely held by: Islamic State 1." in page.text


def test_arabic_names_are_marked_as_arabic(numbers: Any) -> None:
    assert '<bdi lang="ar" dir="rtl" class="ar">تدمر</bdi>' in write_brief(TEXT, numbers)


def test_a_place_without_a_position_is_in_the_table_of_the_day(numbers: Any) -> None:
    page = Reading(write_brief('{{ control(on="2016-03-20") }}', numbers))
    assert "2 places of which no report speaks" in page.text
    assert "Nowhere" in page.text


def test_one_claim_may_be_shown_twice_and_keeps_links_apart(numbers: Any) -> None:
    page = Reading(write_brief('{{ claim("C22") }}\n\n{{ claim("C22") }}', numbers))
    assert len(page.ids) == len(set(page.ids))


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("one\n\n{{ clams() }}\n", 3, 'did you mean "claims"'),
        ("one\ntwo {{ held('isis','palmyra').weeks }}", 2, "unknown attribute"),
        ("---\ntitle: x\n---\n\ntext {{ claims() }} text", 5, "on a line of its own"),
        ('{{ claim("C99") }}', 1, "no such claim"),
        ('{{ map(on="20 March") }}', 1, "a day such as 2016-03-20"),
        ('{{ map(on="2016-03-20", around="palmira") }}', 1, 'did you mean "palmyra"'),
        ("{{ control() }}", 1, "either a place or a day"),
        ('{{ map(on="2016-03-20", around="palmyra", km=0) }}', 1, "from 1 to 2000"),
        ('{{ map(on="2016-03-20", around="palmyra", km="near") }}', 1, "from 1 to 2000"),
        ("a\n\n![x](https://x.org/y.png)", 3, "an image in a briefing"),
        ("---\ntitel: x\n---\n", 2, 'did you mean "title"'),
        ("---\ntitle: x\n", 1, "does not end"),
        ("- item\n- {{ nonsense }}", 2, "not a directive"),
    ],
)
def test_a_mistake_is_told_with_file_and_line(numbers: Any, text: str, line: int, says: str) -> None:
    with pytest.raises(InputError) as caught:
        write_brief(text, numbers, file="briefs/x.md")
    assert f"briefs/x.md, row {line}" in str(caught.value)
    assert says in str(caught.value)


def test_a_live_part_between_backticks_is_shown_and_not_run(numbers: Any) -> None:
    assert "<code>{{ claims() }}</code>" in write_brief("Write `{{ claims() }}` for all.", numbers)
    assert "{{ claims() }}" in write_brief("```\n{{ claims() }}\n```", numbers)


def test_a_briefing_without_title_takes_its_first_heading_or_the_cases_title(numbers: Any) -> None:
    assert "<title>Palmyra</title>" in write_brief("# Palmyra\n\ntext", numbers)
    assert "<title>The valley</title>" in write_brief("text", numbers)


ATTACKS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</style><script>alert(1)</script>",
    "</title></svg><svg onload=alert(1)>",
    "[x](javascript:alert(1))",
    "{{ 7 * 7 }}{% raw %}",
    "\u202egnorw\u202c \u2066x \x00\x1b",
    "' onmouseover='alert(1)",
    "]]><!--",
    "javascript:alert(1)",
)


LEADS = ("id", "on", "known", "meaning", "for", "against", "claimant_only", "beside_claims")


def attacked(value: Any, attack: str) -> Any:
    """Every text of a made-up input replaced by an attack, ids apart so that they still refer."""
    if isinstance(value, dict):
        return {k: v if k in LEADS else attacked(v, attack) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(attacked(v, attack) for v in value)
    return attack if isinstance(value, str) else value


@pytest.mark.parametrize("attack", ATTACKS)
def test_hostile_data_stays_text(numbers: Any, attack: str) -> None:
    strange = "r1" + attack
    numbers.reports = [
        dataclasses.replace(row, source=attack, kind=attack, stands_with=attack, says=attack, quote=attack)
        for row in numbers.reports
    ]
    numbers.reports = [dataclasses.replace(row, locator=attack, url=attack, date=attack) for row in numbers.reports]
    numbers.reports += [Evidence(id=strange, source=attack, says=attack, published=date(2016, 1, 1))]
    numbers.claims = [attacked(claim, attack) | {"verdict": "supported"} for claim in numbers.claims]
    numbers.claims = [*numbers.claims, numbers.claims[0] | {"id": attack, "for": [strange]}]
    numbers.holders = [Holder(id=h.id, name=attack, name_ar=attack) for h in numbers.holders]
    numbers.places = [dataclasses.replace(p, name=attack, name_ar=attack) for p in numbers.places]
    numbers.stamp = dataclasses.replace(numbers.stamp, case=attack, title=attack, record=attack)
    numbers.sayings = tuple(dataclasses.replace(saying, state=attack) for saying in numbers.sayings)
    numbers.turned = [
        dataclasses.replace(turn, place=dataclasses.replace(turn.place, name=attack), before=attack, after=attack)
        for turn in numbers.turned
    ]
    hostile = {"voice": attack, "side": attack, "frame": attack}
    numbers.counted = Tallies(
        monthly=tuple(dataclasses.replace(tally, **hostile) for tally in numbers.counted.monthly),
        longer=tuple(dataclasses.replace(tally, **hostile) for tally in numbers.counted.longer),
    )
    page = write_brief(TEXT, numbers)
    check_harmless(page)


@pytest.mark.parametrize("attack", ATTACKS)
def test_hostile_markdown_stays_text(numbers: Any, attack: str) -> None:
    page = write_brief(
        f"---\ntitle: {attack.replace(chr(10), ' ')}\n---\n\n## a {attack.replace('{{', '{ {')}\n", numbers
    )
    check_harmless(page)


def check_harmless(page: str) -> None:
    reading = Reading(page)
    tags = {tag for tag, _ in reading.tags}
    assert not tags & {"img", "image", "iframe", "object", "embed", "link", "form", "foreignobject", "use"}
    assert re.findall("<script.*?</script>", page, re.S) == [f"<script>{script('keys.js')}</script>"]
    for tag, attributes in reading.tags:
        assert not [name for name in attributes if name.startswith("on")], (tag, attributes)
    assert all(link.startswith(("#", "https://", "http://")) for link in reading.links)
    assert not re.search("[\u202a-\u202e\u2066-\u2069\x00\x1b]", page)
    assert "49" not in re.findall(r"<h3[^>]*>([^<]*)", page)


def test_only_web_addresses_become_links(numbers: Any) -> None:
    page = write_brief(
        "[a](https://a.org/x) [b](javascript:alert(1)) [c](file:///etc/passwd) [d](data:text/html,x)", numbers
    )
    assert [link for link in Reading(page).links if not link.startswith("#")] == ["https://a.org/x"]


def test_html_in_markdown_is_shown_as_written(numbers: Any) -> None:
    page = write_brief("a <b onclick=x>bold</b>\n\n<div>block</div>\n", numbers)
    assert "&lt;b onclick=x&gt;bold&lt;/b&gt;" in page
    assert "&lt;div&gt;block&lt;/div&gt;" in page


def test_a_place_called_like_a_directive_is_not_run(numbers: Any) -> None:
    numbers.places = [Place(id="palmyra", name="{{ claims() }}", lat=34.5, lon=38.2)]
    assert "<article" not in write_brief('{{ map(on="2016-03-20") }}', numbers)
