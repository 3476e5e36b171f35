"""The house's rules, read from the source: which layer may import which, and who may do what."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from catalog.loader import load_catalogue

ROOT = Path(__file__).parent.parent
BELOW = {
    "catalog": set(),
    "extractors": set(),
    "transforms": {"catalog", "extractors"},
    "warehouse": {"catalog", "extractors", "transforms"},
    "reports": {"catalog", "extractors", "transforms", "warehouse"},
    "flows": {"catalog", "extractors", "transforms", "warehouse", "reports"},
}
"""Layer -> the layers that it may import."""

MODULES = sorted(path for layer in BELOW for path in (ROOT / layer).rglob("*.py"))


def imports_of(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def calls_in(path: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call):
            yield node.lineno, ast.unparse(node.func)


def layer_of(path: Path) -> str:
    return path.relative_to(ROOT).parts[0]


def test_every_layer_is_looked_at() -> None:
    assert {layer_of(path) for path in MODULES} == set(BELOW)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_point_one_way(path: Path) -> None:
    own = layer_of(path)
    imported = {name.split(".")[0] for name in imports_of(path)}
    assert imported & set(BELOW) <= BELOW[own] | {own}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_only_flows_knows_prefect_and_only_warehouse_writes_duckdb(path: Path) -> None:
    roots = {name.split(".")[0] for name in imports_of(path)}
    if layer_of(path) != "flows":
        assert "prefect" not in roots
    if layer_of(path) != "warehouse":
        assert "duckdb.connect" not in {name for _, name in calls_in(path)}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_only_the_command_line_and_the_generators_print(path: Path) -> None:
    if path.relative_to(ROOT).as_posix() == "flows/cli.py":
        return
    text = path.read_text("utf-8")
    where = [line for line, name in calls_in(path) if name == "print"]
    run_by_hand = '__name__ == "__main__"' in text
    assert not where or run_by_hand


def test_a_figure_is_never_a_float() -> None:
    for path in MODULES:
        if layer_of(path) in {"transforms", "warehouse", "reports"}:
            assert "float" not in {name for _, name in calls_in(path)}, path


@pytest.mark.parametrize("layer", ["catalog", "extractors"])
def test_a_layer_loads_without_the_heavy_libraries(layer: str) -> None:
    modules = [
        path.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".")
        for path in sorted((ROOT / layer).glob("*.py"))
        if path.name not in {"__init__.py", "__main__.py"}
    ]
    script = (
        f"import sys, {', '.join(modules)}\n"
        "print([name for name in ('pandas', 'pandera', 'prefect', 'matplotlib', 'cv2') "
        "if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, check=True
    )
    assert done.stdout.strip() == "[]"


def test_help_is_instant_because_it_loads_nothing() -> None:
    script = (
        "import sys; import flows.cli\n"
        "print([name for name in ('pandas', 'pydantic', 'prefect', 'duckdb', 'docx', 'yaml') "
        "if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, check=True
    )
    assert done.stdout.strip() == "[]"


VIETNAMESE = re.compile(
    r"[àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ]", re.IGNORECASE
)


def test_what_the_officer_reads_is_vietnamese() -> None:
    """Every message of an error raised in flows, and every message of a finding."""
    for path in sorted((ROOT / "flows").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
                name = ast.unparse(node.exc.func)
                if name in {"RunError", "UsageError", "SettingsError"} and node.exc.args:
                    assert VIETNAMESE.search(ast.unparse(node.exc)), f"{path}:{node.lineno}"


FINDINGS = {"Finding", "UnreadableError", "Refusal"}


def test_every_finding_that_the_code_names_is_in_the_catalogue() -> None:
    codes = {
        (path, argument.value)
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in FINDINGS
        for argument in node.args[:2]
        if isinstance(argument, ast.Constant)
        and isinstance(argument.value, str)
        and re.fullmatch(r"[a-z]+(-[a-z]+)+", argument.value)
    }
    assert len(codes) > 20
    known = set(load_catalogue().finding_kinds)
    assert {(path, code) for path, code in codes if code not in known} == set()


def test_the_lock_file_names_no_host_but_the_public_index() -> None:
    hosts = set(re.findall(r"https?://([^/\"]+)", (ROOT / "uv.lock").read_text("utf-8")))
    assert hosts == {"pypi.org", "files.pythonhosted.org"}


def test_no_dependency_is_a_copyleft_one() -> None:
    """What would bind a commune that passes the program on: none may be needed at run time."""
    locked = (ROOT / "uv.lock").read_text("utf-8")
    names = set(re.findall(r'^name = "([^"]+)"$', locked, re.MULTILINE))
    assert not names & {
        "pymupdf",
        "vietnam-provinces",
        "unidecode",
        "vietnam-number",
        "ghostscript",
    }
