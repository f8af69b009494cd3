"""Every query file, held to the same promises."""

import re
from pathlib import Path

import pytest
import sqlglot
from sqlglot import expressions

from data.contract import TABLES
from queries import sources
from queries.checking import CHECKS
from queries.filters import Filters, Mark
from queries.numbering import NUMBERED
from queries.refresh import KEPT
from queries.statements import STEPS, names, source, statement

FILES = [*names(), *STEPS, *(f"checks/{name}" for name in CHECKS)]
STATISTICS = (
    expressions.Avg,
    expressions.Corr,
    expressions.Median,
    expressions.PercentileCont,
    expressions.Quantile,
    expressions.Stddev,
    expressions.StddevSamp,
    expressions.Variance,
    expressions.VariancePop,
)
BOOKS = {"loads", "quarantine", *NUMBERED, *KEPT}
"""What the store keeps about itself, beside the tables of the contract."""
NAMED_STEPS = {"source", "sliced", "told", "scope", "rated", "kept_cells", "predicted", "scored"}
"""Steps whose text depends on the question."""
PAGE = {"page_size", "page_start", "taxonomy", "words", "patterns", "most", "items", "with_scores"}
CASES = {"most", "patterns", "items"}
PERIOD = set(sources.parameters(Filters(), ()))


def test_every_file_of_a_check_is_a_check() -> None:
    assert {path.stem for path in (Path(__file__).parents[1] / "queries" / "checks").iterdir()} == set(CHECKS)


@pytest.mark.parametrize("name", CHECKS)
def test_a_check_says_of_its_rows_who_they_are_and_whether_they_are_doubted(name: str) -> None:
    assert parsed(f"checks/{name}").named_selects == ["id", "item_id", "is_doubted"]


def parsed(name: str) -> expressions.Expression:
    """The syntax tree of a query file."""
    return sqlglot.parse_one(source(name), dialect="duckdb")


def promises_broken(text: str) -> list[str]:
    """Which promises the text of a query file breaks."""
    head, tree = text.split("\n")[:3], sqlglot.parse_one(text, dialect="duckdb")
    broken = []
    if not head[0].startswith("-- ") or not any("one row per" in line.lower() for line in head):
        broken.append("begins with the question and 'One row per …'")
    if any(tree.find_all(*STATISTICS)):
        broken.append("counts and leaves statistics to metrics/")
    if any(
        isinstance(group, expressions.Group) and group.args.get("all") for group in tree.find_all(expressions.Group)
    ):
        broken.append("names the columns it groups by")
    if len(text.splitlines()) > 50:
        broken.append("fits on a page")
    return broken


@pytest.mark.parametrize("name", FILES)
def test_a_query_keeps_its_promises(name: str) -> None:
    assert promises_broken(source(name)) == []


@pytest.mark.parametrize(
    ("text", "promise"),
    [
        ("select 1 as one", "begins with"),
        ("-- Why?\n-- One row per day.\nselect avg(x) as mean from scope", "statistics"),
        ("-- Why?\n-- One row per day.\nselect day, count(*) as n from scope group by all", "groups by"),
        ("-- Why?\n-- One row per day.\nselect 1 as one" + "\n" * 60, "page"),
    ],
)
def test_a_broken_promise_is_noticed(text: str, promise: str) -> None:
    assert any(promise in broken for broken in promises_broken(text))


@pytest.mark.parametrize("name", FILES)
def test_a_query_reads_known_tables_only(name: str) -> None:
    tree = parsed(name)
    own = {step.alias for step in tree.find_all(expressions.CTE)}
    read = {table.name for table in tree.find_all(expressions.Table)}
    assert read <= set(TABLES) | BOOKS | {*STEPS, *NAMED_STEPS} | own


@pytest.mark.parametrize("name", FILES)
def test_parameters_are_filters_marks_periods_pages_and_cases_only(name: str) -> None:
    parameters = set(re.findall(r"\$(\w+)", re.sub(r"--.*", "", source(name))))
    assert parameters <= set(Filters().parameters()) | set(Mark().parameters()) | PERIOD | PAGE | CASES


@pytest.mark.parametrize("name", names())
def test_the_whole_statement_parses_cut_three_ways(name: str) -> None:
    by = ("policy", "reviewer", "month")
    assert sqlglot.parse_one(statement(name, by), dialect="duckdb") is not None
