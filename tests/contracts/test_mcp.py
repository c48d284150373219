"""The tools for language models, called by the protocol's own client library, in one process with the server."""

import asyncio
import json
import os
import shutil
import subprocess
import sys
from datetime import date

import pytest
from mcp import Client, MCPError, StdioServerParameters

from zenobia import pipeline
from zenobia.answering import Tools, server
from zenobia.terms import InputError

TOOLS = ["search", "why", "control_at", "check_claim", "diff", "forecast"]
SECRET = "the well under the mill"


@pytest.fixture(scope="module")
def whole(project, tmp_path_factory):
    """The valley with a policy, and a report in it that may not be told."""
    folder = shutil.copytree(project / "tests" / "valley", tmp_path_factory.mktemp("mcp") / "valley")
    with open(folder / "case.toml", "a") as out:
        out.write('\n[publish]\npolicy = "public"\ndelay = 0\ncontrol_delay = 0\n')
    lines = (folder / "reports.csv").read_text().splitlines()
    lines[0] += ",sensitivity"
    lines.append(
        f"x1,monitor,,,{SECRET},,2031-02-02,battle,2031-02-01,,,cedar,,,,,crown,,,,,,,,,,,,,{SECRET},restricted"
    )
    (folder / "reports.csv").write_text("\n".join(lines) + "\n")
    case = pipeline.open_case(folder)
    assert case.build().rejected == ()
    return case


@pytest.fixture(scope="module")
def released(whole):
    return whole.released(on=date(2032, 1, 1))


def asked(case, *calls):
    """What the server answers to calls, and what it says of itself."""

    async def talk():
        async with Client(server(Tools(case), "1.2.3")) as client:
            listed = await client.list_tools()
            return listed.tools, [await client.call_tool(name, arguments) for name, arguments in calls]

    return asyncio.run(talk())


def answer(case, name, **arguments):
    _, (told,) = asked(case, (name, arguments))
    assert not told.is_error, told.content
    return json.loads(told.content[0].text)


def refusal(case, name, **arguments):
    _, (told,) = asked(case, (name, arguments))
    assert told.is_error
    return told.content[0].text


def test_six_tools_are_offered_and_all_of_them_only_read(released):
    tools, _ = asked(released)
    assert [tool.name for tool in tools] == TOOLS
    assert all(tool.annotations.read_only_hint and not tool.annotations.destructive_hint for tool in tools)
    assert all(tool.description for tool in tools)


def test_no_tool_takes_a_query_language_or_a_path(released):
    tools, _ = asked(released)
    taken = {name for tool in tools for name in tool.input_schema["properties"]}
    assert taken == {
        "words", "limit", "id", "place", "on", "known", "claim", "earlier", "later", "held_by", "taken_by", "issued",
        "days",
    }  # fmt: skip


def test_control_at_answers_as_the_released_case_does(released):
    told = answer(released, "control_at", place="Birken", on="2031-04-01")
    assert {k: v for k, v in told.items() if k != "release"} == released.control("birchen", on="2031-04-01").to_json()
    assert told["release"]["record"] == released.record.hash


def test_control_at_takes_a_day_of_knowledge(released):
    told = answer(released, "control_at", place="birchen", on="2031-01-20", known="2031-01-31")
    assert (told["known"], told["voices"]) == ("2031-01-31", 1)


def test_check_claim_gives_the_verdict_and_its_reason(released):
    told = answer(released, "check_claim", claim="V01")
    assert told["verdict"] in ("supported", "contradicted", "partly", "cannot tell")
    assert told["because"].endswith(".")


def test_search_finds_a_place_in_another_script(released):
    assert "birchen" in [row["id"] for row in answer(released, "search", words="بيرشن")["results"]]


def test_what_search_finds_can_be_walked_back(released):
    for row in answer(released, "search", words="cedar")["results"]:
        if ":" in row["id"]:
            assert answer(released, "why", id=row["id"])["says"]


def test_search_gives_no_more_than_was_asked_for(released):
    told = answer(released, "search", words="cedar", limit=2)
    assert len(told["results"]) == 2
    assert told["found"] > 2


def test_diff_tells_what_was_learned_between_two_days(released):
    told = answer(released, "diff", earlier="2031-02-28", later="2031-05-05")
    assert "c3" in [row["id"] for row in told["reports"]["new"]]


def test_forecast_uses_what_was_published_by_its_day(released):
    told = answer(released, "forecast", place="elm", held_by="crown", taken_by="guard", issued="2031-04-01", days=30)
    assert told["known"] == "2031-04-01" or told["asked"]["issued"] == "2031-04-01"
    assert told["found"] is None or 0 <= told["found"]["best"] <= 1


def test_nothing_is_foretold_of_days_that_are_held_back(whole):
    early = whole.released(on=date(2031, 4, 15))
    said = refusal(early, "forecast", place="elm", held_by="crown", taken_by="guard", issued="2031-04-01", days=30)
    assert "held back" in said


def test_a_refusal_reaches_the_model_in_plain_words(released):
    said = refusal(released, "control_at", place="Birch", on="2031-04-01")
    assert "unknown place" in said
    assert "birchen" in said
    assert "Traceback" not in said


HOSTILE = [
    ("why", {"id": "r:' OR 1=1 --"}),
    ("why", {"id": "d:../../case.toml"}),
    ("why", {"id": "k:cedar@9999-99-99"}),
    ("why", {"id": "\x00"}),
    ("why", {"id": "m:forecast?place=elm&from=crown&to=guard&issued=2031-04-01&days=999"}),
    ("why", {"id": "x" * 100_000}),
    ("search", {"words": ""}),
    ("search", {"words": "cedar", "limit": "many"}),
    ("search", {}),
    ("control_at", {"place": "cedar", "on": "tomorrow"}),
    ("control_at", {"place": "cedar; DROP TABLE reports", "on": "2031-04-01"}),
    ("control_at", {"place": "../../../etc/passwd", "on": "2031-04-01"}),
    ("control_at", {"place": {"$ne": ""}, "on": "2031-04-01"}),
    ("check_claim", {"claim": "{{ 7*7 }}"}),
    ("check_claim", {"claim": "V01", "known": "0000-00-00"}),
    ("diff", {"earlier": "2031-05-05", "later": "2031-02-28"}),
    ("forecast", {"place": "elm", "held_by": "crown", "taken_by": "guard", "issued": "2031-04-01", "days": -5}),
    ("forecast", {"place": "elm", "held_by": "crown", "taken_by": "guard", "issued": "2031-04-01", "days": 10**12}),
    ("forecast", {"place": "elm", "held_by": "crown", "taken_by": "crown", "issued": "2031-04-01"}),
    ("forecast", {"place": "elm of.type=x", "held_by": "crown", "taken_by": "guard", "issued": "2031-04-01"}),
    ("shell", {"command": "ls"}),
]


@pytest.mark.parametrize(("name", "arguments"), HOSTILE)
def test_hostile_arguments_are_refused_and_the_server_goes_on(released, name, arguments):
    _, told = attempted(released, (name, arguments), ("check_claim", {"claim": "V01"}))
    assert told[0] is None or told[0].is_error
    said = "" if told[0] is None else told[0].content[0].text
    assert "Traceback" not in said
    assert str(released.root) not in said
    assert SECRET not in said
    assert not told[1].is_error


def attempted(case, *calls):
    """As `asked`; a call that the protocol itself refuses is answered with nothing."""

    async def one(client, name, arguments):
        try:
            return await client.call_tool(name, arguments)
        except MCPError:
            return None

    async def talk():
        async with Client(server(Tools(case), "1.2.3")) as client:
            return None, [await one(client, name, arguments) for name, arguments in calls]

    return asyncio.run(talk())


def test_what_is_withheld_is_found_by_no_tool(released):
    _, told = asked(
        released,
        ("search", {"words": "well mill"}),
        ("search", {"words": "x1"}),
        ("search", {"words": "cedar", "limit": 50}),
        ("why", {"id": "r:x1"}),
        ("why", {"id": "s:monitor"}),
        ("why", {"id": "k:cedar@2031-02-01"}),
        ("control_at", {"place": "cedar", "on": "2031-02-01"}),
        ("check_claim", {"claim": "V01"}),
        ("diff", {"earlier": "2031-01-31", "later": "2031-02-28"}),
    )
    for one in told:
        said = one.content[0].text
        assert SECRET not in said
        assert '"r:x1"' not in said
        assert '"x1"' not in said.replace('"words": "x1"', "")
    assert json.loads(told[0].content[0].text)["found"] == 0
    assert told[3].is_error


def test_a_private_case_answers_nothing(valley):
    with open(valley / "case.toml", "a") as out:
        out.write('\n[publish]\npolicy = "private"\n')
    called = run_verb(valley)
    assert called.returncode == 2
    assert "nothing of this case is released" in called.stderr


def test_without_the_extra_one_plain_message_says_what_to_install(released, monkeypatch):
    monkeypatch.setitem(sys.modules, "mcp.server.mcpserver", None)
    with pytest.raises(InputError, match=r"pip install 'zenobia\[mcp\]'"):
        server(Tools(released), "1")


def test_the_verb_serves_on_standard_input_and_output(valley):
    for file in valley.glob("*.*"):  # the verb goes by the clock, and the valley lies in the future
        file.write_text(file.read_text(encoding="utf-8").replace("2031", "2021"), encoding="utf-8")
    with open(valley / "case.toml", "a", encoding="utf-8") as out:
        out.write('\n[publish]\npolicy = "public"\n')
    words = ["-c", "from zenobia.cli import main; main()", "mcp", "--case", str(valley)]

    async def talk():
        started = StdioServerParameters(command=sys.executable, args=words, env=dict(os.environ))
        async with Client(started) as client:
            return (await client.list_tools()).tools, await client.call_tool("why", {"id": "s:monitor"})

    tools, told = asyncio.run(talk())
    assert [tool.name for tool in tools] == TOOLS
    assert json.loads(told.content[0].text)["says"]


def run_verb(folder):
    words = [sys.executable, "-c", "from zenobia.cli import main; main()", "mcp", "--case", str(folder)]
    return subprocess.run(words, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
