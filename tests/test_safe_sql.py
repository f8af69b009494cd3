"""Every query keeps to the SQL that means the same on DuckDB, Spark and ClickHouse.

Each ban names a construct that was run and found to fail or, worse, to answer otherwise without a word. What is neither
banned nor known to be safe is not allowed either: `tests/test_engines.py` shows first that it gives the same answers.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlglot
from sqlglot import expressions as sql

from data.contract import TABLES
from data.dialects import RUN, TRANSLATED_ONLY, translated
from queries.statements import names, statement

QUERIES = Path(__file__).parents[1] / "queries"
# Rollups stand in a store, which is on DuckDB; so do the pieces of sources that read them.
ON_STORES = {path for path in (QUERIES / "sources").iterdir() if path.stem != "log"}
FILES = sorted(path.relative_to(QUERIES).as_posix() for path in {*QUERIES.rglob("*.sql")} - ON_STORES)
TIMES = {c.name for table in TABLES.values() for c in table.columns if c.kind in {"timestamp", "date"}} | {"day"}
BITWISE = (sql.BitwiseAnd, sql.BitwiseOr, sql.BitwiseXor, sql.BitwiseLeftShift, sql.BitwiseRightShift)
WHOLE = {"INT", "BIGINT", "SMALLINT", "TINYINT"}


@dataclass(frozen=True)
class Ban:
    """A construct that is not used: how it is found, an example, why not, and what to write instead."""

    example: str
    nodes: tuple[type[sql.Expr], ...]
    why: str
    instead: str
    where: Callable[[sql.Expr], bool] = lambda _: True

    def found(self, tree: sql.Expr) -> Iterator[str]:
        """What to tell the author of a query, for each place that uses it."""
        for node in tree.find_all(*self.nodes):
            if self.where(node):
                yield f"{node.sql('duckdb')}: {self.why}; write {self.instead}"


def called(*names: str) -> Callable[[sql.Expr], bool]:
    """Whether a function that sqlglot does not know has one of these names."""
    return lambda node: node.name.lower() in names


def is_cast_to(node: sql.Expr | None, *types: str) -> bool:
    """Whether this is a cast to one of these types."""
    return isinstance(node, sql.Cast) and node.to.this.name in types


def is_timed(node: sql.Expr) -> bool:
    """Whether two operands are both times."""
    return all(isinstance(part, sql.Column) and part.name in TIMES for part in (node.this, node.expression))


def has_bare_interval(node: sql.Expr) -> bool:
    """Whether an interval meets something whose type is not said beside it."""
    return isinstance(node.expression, sql.Interval) and not (
        is_cast_to(node.this, "TIMESTAMP", "TIMESTAMPNTZ")
        or is_cast_to(node.parent, "DATE")
        or (isinstance(node.this, (sql.Add, sql.Sub)) and isinstance(node.this.expression, sql.Interval))
        or isinstance(node.parent, (sql.Add, sql.Sub))
    )


def is_rounded_silently(node: sql.Expr) -> bool:
    """Whether a cast to a whole number meets what may have a fraction."""
    return node.to.this.name in WHOLE and (
        isinstance(node.this.unnest(), (sql.Div, sql.Mul))
        and any(isinstance(part, sql.Div) or is_cast_to(part, "DOUBLE") for part in node.this.walk())
    )


BANS = (
    Ban("arg_max(label, decided_at)", (sql.ArgMax, sql.ArgMin), "a null first argument counts on Spark and is passed "
        "over by DuckDB, and ties differ", "row_number() in a step of its own, and keep number 1"),
    Ban("first(label order by decided_at)", (sql.First, sql.Last), "Spark refuses the order",
        "row_number() in a step of its own, and keep number 1"),
    Ban("list(label order by decided_at)", (sql.ArrayAgg,), "Spark drops the order",
        "string_agg(… order by …), or a sum of packed counts"),
    Ban("string_agg(label, ',') over (partition by queue)", (sql.GroupConcat,), "Spark has no ordered one",
        "a grouped string_agg in a step of its own, and join it", lambda node: bool(node.find_ancestor(sql.Window))),
    Ban("string_agg(label, ',')", (sql.GroupConcat,), "the order is left to chance", "string_agg(… order by …)",
        lambda node: not isinstance(node.this, sql.Order)),
    Ban("percentile_cont(0.5) within group (order by cost)",
        (sql.PercentileCont, sql.PercentileDisc, sql.Quantile, sql.Median, sql.Mode),
        "it becomes an approximation, or breaks ties otherwise", "counts, and leave statistics to metrics/"),
    Ban("log(cost)", (sql.Log,), "it is to base 10 on DuckDB and natural on Spark", "ln(x) / ln(10)"),
    Ban("cast(cost * 20 / 3 as int)", (sql.Cast,), "DuckDB rounds and Spark cuts off",
        "cast(floor(cast(x as double) * 20) as int), or // for whole numbers", is_rounded_silently),
    Ban("cost / 2", (sql.Div,), "whole numbers and decimals divide into other types elsewhere",
        "cast(a as double) / b, or // for whole numbers", lambda node: not is_cast_to(node.this, "DOUBLE")),
    Ban("extract(dow from day)", (sql.Extract, sql.DayOfWeek, sql.DayOfWeekIso, sql.Week), "days have other numbers",
        "date_diff('day', cast(date_trunc('week', day) as date), day)"),
    Ban("decided_at + interval 1 day", (sql.Add, sql.Sub), "a date and an interval give a time on one and a "
        "date on the other", "cast(x as timestamp) + interval …, or cast(… as date) around it", has_bare_interval),
    Ban("decided_at - claimed_at", (sql.Sub,), "it is an interval on one and a number on the other",
        "date_diff('microsecond', a, b), or date_diff('day', a, b) of dates", is_timed),
    Ban("date_diff('second', claimed_at, decided_at)", (sql.DateDiff,), "DuckDB counts the seconds begun, Spark those "
        "that passed", "date_diff('microsecond', a, b), or 'day' of dates",
        lambda node: str(node.args["unit"]).lower() not in {"microsecond", "day"}),
    Ban("epoch(decided_at)", (sql.TimeToUnix, sql.UnixToTime), "it loses the fraction or fails",
        "date_diff('microsecond', a, b)"),
    Ban("epoch_us(decided_at)", (sql.Anonymous,), "Spark does not know it", "date_diff('microsecond', a, b)",
        called("epoch_us", "epoch_ns")),
    Ban("hash(item_id)", (sql.Anonymous,), "every engine has another one", "no hash", called("hash")),
    Ban("isnan(cost)", (sql.IsNan,), "null is null on one and false on the other", "no NaN: the contract has none"),
    Ban("{'a': label}", (sql.Struct,), "its rows have another shape", "columns"),
    Ban("item_id[1:2]", (sql.Bracket, sql.Slice), "places count from 0 or 1", "columns, or a table to join"),
    Ban("[x + 1 for x in [1, 2]]", (sql.Comprehension, sql.Lambda), "Spark and ClickHouse refuse it", "a join"),
    Ban("len($labels)", (sql.Length,), "it becomes the length of a text", "array_length($x)",
        lambda node: isinstance(node.this, sql.Placeholder)),
    Ban("list_position($labels, label)", (sql.Anonymous,), "Spark does not know it", "a table of places to join",
        called("list_position", "list_indexof")),
    Ban("array_position($labels, label)", (sql.ArrayPosition,), "what is not there is null on DuckDB and 0 elsewhere",
        "nullif(array_position(…), 0)", lambda node: not isinstance(node.parent, sql.Nullif)),
    Ban("list_sum([1, 2])", (sql.Anonymous,), "Spark and ClickHouse do not know it", "a sum over rows",
        called("list_sum", "histogram", "entropy")),
    Ban("map {'a': 1}", (sql.ToMap, sql.Map), "looking one up fails on Spark", "a table to join"),
    Ban("max(cost, 3)", (sql.Max, sql.Min), "the number is dropped or refused", "row_number(), and keep the first",
        lambda node: bool(node.args.get("count"))),
    Ban("sum(cost)", (sql.Sum,), "it is a HUGEINT, a BIGINT or a UInt64", "cast(sum(x) as bigint), or as double",
        lambda node: not any(
            is_cast_to(up, "BIGINT", "DOUBLE") or isinstance(up, sql.Having) for up in ancestors(node))),
    Ban("is_blind is not false", (sql.Is,), "Trino and Snowflake get `not not x`, which is wrong of null",
        "coalesce(x, true)", lambda node: isinstance(node.expression, sql.Boolean)),
    Ban("1 | 2 & 3", BITWISE, "which goes first differs", "brackets",
        lambda node: any(isinstance(part, BITWISE) for part in node.iter_expressions())),
    Ban("columns('a.*')", (sql.Columns,), "only DuckDB has it", "the columns"),
    Ban("time_bucket(interval 7 day, decided_at)", (sql.DateBin,), "only DuckDB has it", "date_trunc"),
    Ban("json_object('a', 1)", (sql.JSONObject,), "it fails on Spark", "columns"),
    Ban("random()", (sql.Rand, sql.Uuid), "it is not the same twice", "counts"),
    Ban("1 from reviews qualify row_number() over (order by day) = 1", (sql.Qualify,),
        "sqlglot hands its helper column on, and doubles others", "row_number() in a step of its own, and filter it"),
    Ban("1 from range(3)", (sql.GenerateSeries,), "it fails on Spark in from", "rows that are there"),
    Ban("1 from reviews semi join gold using (item_id)", (sql.Join,), "it is left as it is for Trino and BigQuery",
        "exists (…)", lambda node: node.kind in {"SEMI", "ANTI"}),
    Ban("1 from reviews asof join gold on reviews.decided_at >= gold.valid_from", (sql.Join,), "only DuckDB has it",
        "row_number() over the rows that hold", lambda node: node.method in {"ASOF", "POSITIONAL"}),
    Ban("* replace (1 as label) from reviews", (sql.Star,), "it fails on Spark", "the columns",
        lambda node: bool(node.args.get("replace"))),
    Ban("1 union by name select 2", (sql.Union,), "only DuckDB has it", "the columns in one order",
        lambda node: bool(node.args.get("by_name"))),
    Ban("distinct on (label) label, day from reviews", (sql.Distinct,), "it fails on Spark",
        "row_number() in a step of its own, and keep number 1", lambda node: bool(node.args.get("on"))),
    Ban("label from reviews group by all", (sql.Group,), "ClickHouse and others read it otherwise", "the columns",
        lambda node: bool(node.args.get("all"))),
    Ban("label from reviews group by 1", (sql.Group,), "it may be a constant elsewhere", "the columns",
        lambda node: any(isinstance(part, sql.Literal) for part in node.expressions)),
    Ban("1 from reviews tablesample 10%", (sql.TableSample,), "it is not the same twice", "counts"),
    Ban("1 from (pivot reviews on label using count(*))", (sql.Pivot,), "it fails on Spark",
        "count(*) filter (where …)"),
)  # fmt: skip

SAFE = {
    *(sql.Select, sql.From, sql.Join, sql.Where, sql.Group, sql.Having, sql.Order, sql.Ordered, sql.Limit, sql.Offset),
    *(sql.With, sql.CTE, sql.Subquery, sql.Union, sql.Distinct, sql.GroupingSets, sql.Table, sql.TableAlias, sql.Alias),
    *(sql.Column, sql.Identifier, sql.Star, sql.Literal, sql.Null, sql.Boolean, sql.Placeholder, sql.Paren, sql.Tuple),
    *(sql.Var, sql.Interval, sql.Cast, sql.DataType, sql.DataTypeParam, sql.Neg, sql.Not, sql.And, sql.Or, sql.Is),
    *(sql.EQ, sql.NEQ, sql.LT, sql.LTE, sql.GT, sql.GTE, sql.NullSafeEQ, sql.NullSafeNEQ, sql.Between, sql.In),
    *(sql.Like, sql.Exists, sql.Add, sql.Sub, sql.Mul, sql.Div, sql.IntDiv, sql.Mod, sql.DPipe, sql.Case, sql.If),
    *(sql.Coalesce, sql.Nullif, sql.Least, sql.Greatest, sql.Floor, sql.Chr, sql.Lower, sql.ArrayContains),
    *(sql.ArraySize, sql.ArrayPosition, sql.TimestampTrunc, sql.DateTrunc, sql.DateDiff, sql.Count, sql.CountIf),
    *(
        sql.Sum,
        sql.Min,
        sql.Max,
        sql.AnyValue,
        sql.IgnoreNulls,
        sql.Explode,
        sql.LogicalOr,
        sql.LogicalAnd,
        sql.GroupConcat,
        sql.Filter,
        sql.Window,
    ),
    *(sql.WindowSpec, sql.RowNumber, sql.Lag, sql.Lead, *BITWISE),
}
"""What was run on DuckDB, Spark and ClickHouse with equal answers."""


def ancestors(node: sql.Expr) -> Iterator[sql.Expr]:
    """What a node stands in, up to its own select."""
    while (node := node.parent) and not isinstance(node, sql.Select):
        yield node


def unsafe(text: str) -> list[str]:
    """What is wrong with a query, in words that say what to write instead."""
    tree = sqlglot.parse_one(text, dialect="duckdb")
    banned = [problem for ban in BANS for problem in ban.found(tree)]
    unknown = {type(node).__name__ for node in tree.walk() if type(node) not in SAFE} - {
        kind.__name__ for ban in BANS for kind in ban.nodes if any(ban.where(node) for node in tree.find_all(kind))
    }
    return banned + [f"{name}: nobody has compared it on the engines; do, and add it to SAFE" for name in unknown]


@pytest.mark.parametrize("file", FILES)
def test_a_query_keeps_to_what_every_engine_takes_alike(file):
    assert unsafe((QUERIES / file).read_text("utf-8")) == []


@pytest.mark.parametrize("ban", BANS, ids=lambda ban: ban.example)
def test_a_banned_construct_is_found_and_said_what_to_write_instead(ban):
    problems = unsafe(f"select {ban.example}")
    assert any(problem.endswith(f"{ban.why}; write {ban.instead}") for problem in problems)


def test_a_function_that_nobody_has_compared_is_found():
    assert unsafe("select strlen(label) from reviews") == [
        "Anonymous: nobody has compared it on the engines; do, and add it to SAFE"
    ]


@pytest.mark.parametrize("name", names())
def test_the_steps_of_a_whole_statement_have_names_of_their_own(name):
    """For Spark all steps move to the top, where it refuses two of one name."""
    tree = sqlglot.parse_one(statement(name), dialect="duckdb")
    steps = [step.alias for step in tree.find_all(sql.CTE)]
    assert len(steps) == len(set(steps))


@pytest.mark.parametrize("dialect", [*RUN, *TRANSLATED_ONLY])
@pytest.mark.parametrize("file", FILES)
def test_a_query_translates_without_a_warning(file, dialect):
    assert translated((QUERIES / file).read_text("utf-8"), dialect)
