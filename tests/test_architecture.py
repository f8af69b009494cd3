"""The rules of the house that a machine can check, each proven able to fail on a small bad tree.

A rule takes the root of a tree and yields one sentence for each place that breaks it.
"""

import ast
import sys
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = {"data", "queries", "metrics", "dashboard"}
MODULE_LINES = 200
VIEW_LINES = 60
FUNCTION_LINES = 25
SQL_LINES = 50

# The first part of a path → what the modules there never import. Only data/ speaks to the database.
NEVER_IMPORT = {
    "data/": ROOMS - {"data"} | {"altair", "streamlit"},
    "metrics/": ROOMS - {"metrics"} | {"altair", "duckdb", "streamlit"},
    "queries/": ROOMS - {"data", "queries"} | {"altair", "duckdb", "streamlit"},
    "dashboard/": {"duckdb"},
    "dashboard/charts": {"queries", "streamlit"},
    "dashboard/views/": {"queries"},
}
SAYS_NOTHING = {"common", "helper", "helpers", "misc", "util", "utils"}

Function = ast.FunctionDef | ast.AsyncFunctionDef
Node = Function | ast.ClassDef


def modules(root: Path) -> Iterator[tuple[str, str]]:
    """The path and the text of every module in the four rooms."""
    for room in sorted(ROOMS):
        for path in sorted((root / room).rglob("*.py")):
            yield path.relative_to(root).as_posix(), path.read_text()


def imports(path: str, text: str) -> set[str]:
    """The top-level names that a module imports, wherever in the module it does so."""
    names = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(path.partition("/")[0] if node.level else str(node.module).partition(".")[0])
    return names


def public(parent: ast.Module | ast.ClassDef) -> Iterator[Node]:
    """The public functions and classes of a module, and the public methods of those classes."""
    for node in parent.body:
        if isinstance(node, Node) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                yield from public(node)


def lines_without_docstring(node: Function) -> int:
    """How many lines a function has, its docstring left out."""
    lines = node.end_lineno - node.lineno + 1
    if ast.get_docstring(node):
        lines -= node.body[0].end_lineno - node.body[0].lineno + 1
    return lines


def imports_go_one_way(root: Path) -> Iterator[str]:
    """Data and metrics import nothing of ours, queries data, the dashboard all; charts and views keep to their own."""
    for path, text in modules(root):
        for start, never in NEVER_IMPORT.items():
            if path.startswith(start):
                yield from (f"{path} imports {name}" for name in sorted(imports(path, text) & never))


def no_file_of_the_dashboard_hides_a_package(root: Path) -> Iterator[str]:
    """Streamlit puts dashboard/ first on the path, where metrics.py would stand in for the room metrics."""
    packages = ROOMS | sys.stdlib_module_names | packages_distributions().keys()
    for path in (root / "dashboard").iterdir():
        if path.stem in packages and (path.is_dir() or path.suffix == ".py"):
            yield f"dashboard/{path.name} hides the package {path.stem}"


def no_folder_is_called_pages(root: Path) -> Iterator[str]:
    """Streamlit would show a menu of its own for a folder of that name."""
    yield from (f"{path.relative_to(root).as_posix()} is called pages" for path in (root / "dashboard").rglob("pages"))


def every_module_is_named_after_a_topic(root: Path) -> Iterator[str]:
    """A module that is named after nothing collects everything."""
    for path, _ in modules(root):
        if SAYS_NOTHING & set(Path(path).with_suffix("").parts):
            yield f"{path} is not named after a topic"


def modules_stay_short(root: Path) -> Iterator[str]:
    """A module fits in one reading."""
    for path, text in modules(root):
        limit = VIEW_LINES if path.startswith("dashboard/views/") else MODULE_LINES
        if (lines := len(text.splitlines())) > limit:
            yield f"{path} has {lines} lines of at most {limit}"


def functions_stay_short(root: Path) -> Iterator[str]:
    """A function fits on one screen, its docstring left out."""
    for path, text in modules(root):
        functions = (node for node in ast.walk(ast.parse(text)) if isinstance(node, Function))
        for node in functions:
            if (lines := lines_without_docstring(node)) > FUNCTION_LINES:
                yield f"{path}:{node.lineno} {node.name} has {lines} lines of at most {FUNCTION_LINES}"


def queries_stay_short(root: Path) -> Iterator[str]:
    """A SQL file asks one question."""
    for path in sorted((root / "queries").rglob("*.sql")):
        if (lines := len(path.read_text().splitlines())) > SQL_LINES:
            yield f"{path.relative_to(root).as_posix()} has {lines} lines of at most {SQL_LINES}"


def what_is_public_is_documented(root: Path) -> Iterator[str]:
    """Every public function, method and class of the rooms below the dashboard says what it is."""
    for path, text in modules(root):
        for node in public(ast.parse(text)) if not path.startswith("dashboard/") else ():
            if not ast.get_docstring(node):
                yield f"{path}:{node.lineno} {node.name} has no docstring"


def what_lasts_between_two_runs_has_its_place(root: Path) -> Iterator[str]:
    """A page runs from top to bottom and keeps nothing itself, and the caches stand together in one module."""
    for path, text in modules(root):
        if "st.cache_" in text and path != "dashboard/cache.py":
            yield f"{path} has a cache of its own"
        if "session_state" in text and path.startswith("dashboard/views/"):
            yield f"{path} keeps state of its own"


RULES = (
    imports_go_one_way,
    no_file_of_the_dashboard_hides_a_package,
    no_folder_is_called_pages,
    every_module_is_named_after_a_topic,
    modules_stay_short,
    functions_stay_short,
    queries_stay_short,
    what_is_public_is_documented,
    what_lasts_between_two_runs_has_its_place,
)

LONG_FUNCTION = "def long():\n" + "    print()\n" * FUNCTION_LINES
DOCUMENTED = 'def short():\n    """' + "What it is.\n" * FUNCTION_LINES + '    """\n'

# A rule, a file that breaks it, and what is wrong with the file.
BREAKS = (
    (imports_go_one_way, "data/load.py", "from metrics.estimate import Estimate"),
    (imports_go_one_way, "data/load.py", "import queries"),
    (imports_go_one_way, "metrics/agreement.py", "import data.contract as contract"),
    (imports_go_one_way, "metrics/agreement.py", "def late():\n    import altair"),
    (imports_go_one_way, "metrics/agreement/nominal.py", "import duckdb"),
    (imports_go_one_way, "metrics/agreement.py", "from streamlit import cache_data"),
    (imports_go_one_way, "queries/ask.py", "if TYPE_CHECKING:\n    from metrics.estimate import Estimate"),
    (imports_go_one_way, "queries/ask.py", "from dashboard import measure"),
    (imports_go_one_way, "dashboard/charts.py", "import streamlit as st"),
    (imports_go_one_way, "dashboard/charts/bars.py", "import streamlit.components"),
    (imports_go_one_way, "dashboard/views/agreement.py", "from queries.filters import Filters"),
    (imports_go_one_way, "dashboard/views/agreement.py", "import duckdb"),
    (imports_go_one_way, "dashboard/measure.py", "import duckdb"),
    (imports_go_one_way, "dashboard/charts/bars.py", "import queries.ask"),
    (imports_go_one_way, "queries/ask.py", "from duckdb import connect"),
    (no_file_of_the_dashboard_hides_a_package, "dashboard/metrics.py", ""),
    (no_file_of_the_dashboard_hides_a_package, "dashboard/data/__init__.py", ""),
    (no_file_of_the_dashboard_hides_a_package, "dashboard/statistics.py", ""),
    (no_file_of_the_dashboard_hides_a_package, "dashboard/altair.py", ""),
    (no_folder_is_called_pages, "dashboard/pages/agreement.py", ""),
    (every_module_is_named_after_a_topic, "metrics/utils.py", ""),
    (every_module_is_named_after_a_topic, "data/common/text.py", ""),
    (modules_stay_short, "metrics/agreement.py", "\n" * (MODULE_LINES + 1)),
    (modules_stay_short, "dashboard/views/agreement.py", "\n" * (VIEW_LINES + 1)),
    (functions_stay_short, "metrics/agreement.py", LONG_FUNCTION),
    (functions_stay_short, "dashboard/app.py", "class Page:\n    async " + LONG_FUNCTION.replace("\n", "\n    ")),
    (queries_stay_short, "queries/cases.sql", "\n" * (SQL_LINES + 1)),
    (what_is_public_is_documented, "queries/ask.py", "def ask(): ..."),
    (what_is_public_is_documented, "metrics/estimate.py", "class Estimate: ..."),
    (what_is_public_is_documented, "data/store.py", 'class Writer:\n    """One writer."""\n    def add(self): ...'),
    (what_lasts_between_two_runs_has_its_place, "dashboard/views/agreement.py", "st.session_state['week'] = 1"),
    (what_lasts_between_two_runs_has_its_place, "dashboard/measure.py", "@st.cache_data\ndef measure(): ..."),
)

# Files that come near to breaking a rule, and do not.
KEEPS = (
    ("data/store.py", "import duckdb\nfrom data.contract import TABLES\nfrom . import engine"),
    ("data/engine_spark.py", "import duckdb"),
    ("metrics/agreement.py", "import dataclasses\nfrom metrics.estimate import Estimate  # not duckdb"),
    ("metrics/estimate.py", DOCUMENTED),
    ("queries/ask.py", "from data.engine import Engine\ndef _private():\n    def inner(): ..."),
    ("queries/cases.sql", "\n" * SQL_LINES),
    ("dashboard/views/metrics.py", "import streamlit\nfrom dashboard import measure" + "\n" * (VIEW_LINES - 1)),
    ("dashboard/session.py", "import streamlit as st\nst.session_state['week'] = 1"),
    ("dashboard/cache.py", "import streamlit as st\n@st.cache_data\ndef kept(): ..."),
)


def write(root: Path, path: str, text: str) -> None:
    """Write one file into a tree that has the four rooms."""
    for room in ROOMS:
        (root / room).mkdir(exist_ok=True)
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_house_keeps_its_rules(rule):
    problems = list(rule(ROOT))
    assert not problems, "\n".join(problems)


@pytest.mark.parametrize(("rule", "path", "text"), BREAKS, ids=[f"{rule.__name__}-{path}" for rule, path, _ in BREAKS])
def test_a_rule_finds_what_breaks_it(rule, path, text, tmp_path):
    write(tmp_path, path, text)
    assert len(list(rule(tmp_path))) == 1


@pytest.mark.parametrize(("path", "text"), KEEPS, ids=[path for path, _ in KEEPS])
def test_rules_allow_what_only_looks_wrong(path, text, tmp_path):
    write(tmp_path, path, text)
    assert [problem for rule in RULES for problem in rule(tmp_path)] == []


def test_every_rule_is_proven_able_to_fail():
    assert {rule for rule, _, _ in BREAKS} == set(RULES)


def test_the_rules_see_all_four_rooms():
    assert {path.partition("/")[0] for path, _ in modules(ROOT)} == ROOMS
