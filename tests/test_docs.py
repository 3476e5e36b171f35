"""What the documents tell people to type works, and what they link to is there."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import duckdb
import pytest
import typer.main

from flows.cli import app
from tests.flows.command import INBOX, environment
from tests.flows.prefect.test_service import TYPED_BY_HAND

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(r"^( *)```sh\n(.*?)^ *```$", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")
TARGET = re.compile(r"^([a-z]+):.*## ", re.MULTILINE)
ROW = re.compile(r"^\| `hopnhat (\w+)", re.MULTILINE)
COMMANDS = typer.main.get_group(app).commands
LASTING = {"serve"}
"""Commands that do not end by themselves; test_service.py runs them."""


def typed() -> list[tuple[str, str]]:
    """(page, command) of every line in the pages' sh blocks."""
    lines = []
    for page in PAGES:
        for _, block in BLOCK.findall(page.read_text("utf-8")):
            whole = block.replace("\\\n", " ")
            lines += [(page.name, line.strip()) for line in whole.splitlines() if line.strip()]
    return lines


def words_of(line: str) -> list[str]:
    """The command's words without assignments in front and comments behind."""
    words = shlex.split(line, comments=True)
    while words and re.match(r"(?:export$|[A-Z_]+=)", words[0]):
        words.pop(0)
    return words


def of(program: str) -> list[str]:
    return sorted({line for _, line in typed() if words_of(line)[:1] == [program]})


@pytest.fixture(scope="module")
def commune(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder as an officer has it: documents in the inbox, reports written."""
    folder = tmp_path_factory.mktemp("commune")
    shutil.copytree(home, folder, dirs_exist_ok=True)
    shutil.copytree(INBOX, folder / "inbox")
    return folder


def test_every_command_is_of_a_kind_that_is_checked_here() -> None:
    known = {"make", ".venv/bin/hopnhat", ".venv/bin/prefect", ".venv/bin/python"}
    for page, line in typed():
        words = words_of(line)
        assert not words or words[0] in known, f"{page}: {line}"


def test_every_target_is_there() -> None:
    targets = {target for line in of("make") for target in words_of(line)[1:] if "=" not in target}
    assert {"run", "test"} <= targets <= set(TARGET.findall((ROOT / "Makefile").read_text("utf-8")))


@pytest.mark.parametrize(
    "line", [line for line in of(".venv/bin/hopnhat") if words_of(line)[1] not in LASTING]
)
def test_every_command_does_what_it_is_for(line: str, commune: Path) -> None:
    done = subprocess.run(
        ["bash", "-c", line.replace(".venv/bin/hopnhat", f"{sys.prefix}/bin/hopnhat")],
        env=environment(commune),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()


@pytest.mark.parametrize(
    "line", [line for line in of(".venv/bin/hopnhat") if words_of(line)[1] in LASTING]
)
def test_a_command_that_lasts_is_understood(line: str) -> None:
    _, name, *arguments = words_of(line)
    context = COMMANDS[name].make_context(name, arguments)
    assert context.params


def test_every_prefect_command_is_one_that_the_service_tests_type() -> None:
    lines = {" ".join(words_of(line)[1:]) for line in of(".venv/bin/prefect")}
    assert lines
    assert lines <= TYPED_BY_HAND


def test_every_module_is_there() -> None:
    for line in of(".venv/bin/python"):
        words = words_of(line)
        if words[1] == "-m":
            assert find_spec(words[2]), line
        else:
            assert (ROOT / words[1]).is_file(), line


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    for target in LINK.findall(page.read_text("utf-8")):
        assert (page.parent / target).exists(), target


def test_the_readme_names_every_command() -> None:
    named = set(ROW.findall((ROOT / "README.md").read_text("utf-8")))
    assert named == set(COMMANDS)


def test_every_setting_is_documented() -> None:
    pages = (ROOT / "docs" / "engineers.md").read_text("utf-8")
    used = {
        name
        for layer in ("catalog", "extractors", "transforms", "warehouse", "reports", "flows")
        for path in (ROOT / layer).rglob("*.py")
        for name in re.findall(r"\bHOPNHAT_[A-Z_]+", path.read_text("utf-8"))
    }
    assert "HOPNHAT_HOME" in used
    assert {name for name in used if f"`{name}`" not in pages} == set()


QUERIES = re.findall(
    r"^\*\*(\d+)\. .*?```sql\n(.*?)^```",
    (ROOT / "docs" / "analysts.md").read_text("utf-8"),
    re.DOTALL | re.MULTILINE,
)


def test_the_analysts_page_answers_ten_questions() -> None:
    assert [number for number, _ in QUERIES] == [str(number) for number in range(1, 11)]


@pytest.mark.parametrize(("number", "query"), QUERIES, ids=[number for number, _ in QUERIES])
def test_every_query_answers(number: str, query: str, home: Path) -> None:
    with duckdb.connect(home / "warehouse.duckdb", read_only=True) as connection:
        rows = connection.execute(query).fetchall()
    assert rows, number
    if number == "10":
        assert {row[0] for row in rows} == {"duc-hiep", "duc-nhuan", "duc-loi", "duc-thang"}
