"""The SQL of this house, which is DuckDB's, in the words of other engines.

Queries keep to constructs that sqlglot translates exactly; `tests/test_safe_sql.py` holds them to that. What is left to
do for ClickHouse stands here, once for all queries, so that none needs a text of its own.
"""

import sqlglot
from sqlglot import expressions as sql

OWN = "duckdb"
RUN = ("spark", "clickhouse")
"""The dialects in which the tests run every query and compare the answers with DuckDB's."""
TRANSLATED_ONLY = ("bigquery", "snowflake", "trino")
"""The dialects into which every query translates, and in which nobody has run one."""

# ClickHouse spells these as functions; a maximum of booleans is their "or".
_CLICKHOUSE_FUNCTIONS: dict[type[sql.Expr], str] = {
    sql.ArrayPosition: "indexOf",
    sql.BitwiseAnd: "bitAnd",
    sql.BitwiseLeftShift: "bitShiftLeft",
    sql.BitwiseOr: "bitOr",
    sql.BitwiseRightShift: "bitShiftRight",
    sql.IntDiv: "intDiv",
    sql.LogicalAnd: "min",
    sql.LogicalOr: "max",
}
# Its plain times have whole seconds and end in 2106.
_CLICKHOUSE_TYPES = {"TIMESTAMP": "DateTime64(6)", "TIMESTAMPNTZ": "DateTime64(6)", "DATE": "Date32"}


def translated(statement: str, dialect: str) -> str:
    """A statement in another dialect, its parameters named as that dialect names them."""
    tree = sqlglot.parse_one(statement, dialect=OWN)
    for step in tree.find_all(sql.CTE):
        # How to go about it is a hint for DuckDB.
        step.set("materialized", None)
    for text in tree.find_all(sql.GroupConcat):
        # Its keys are not null, and not every engine can be told where nulls would go.
        for key in text.this.find_all(sql.Ordered):
            key.set("nulls_first", not key.args.get("desc"))
    if dialect == "clickhouse":
        # From the leaves to the root, so that what is put in place of a node holds what was put in place of its parts.
        for node in reversed(list(tree.walk())):
            node.replace(_in_clickhouse(node))
    return tree.sql(dialect, comments=False, unsupported_level=sqlglot.ErrorLevel.RAISE)


def _in_clickhouse(node: sql.Expr) -> sql.Expr:
    if name := _CLICKHOUSE_FUNCTIONS.get(type(node)):
        parts = (node.args.get("this"), node.args.get("expression"))
        return sql.Anonymous(this=name, expressions=[part for part in parts if part])
    if isinstance(node, sql.DataType) and node.this.name in _CLICKHOUSE_TYPES:
        return sql.DataType.build(f"Nullable({_CLICKHOUSE_TYPES[node.this.name]})", dialect="clickhouse")
    if isinstance(node, sql.GroupConcat) and isinstance(node.this, sql.Order):
        return _sorted_text(node)
    if (
        isinstance(node, sql.Column)
        and node.table
        and node.arg_key == "expressions"
        and isinstance(node.parent, sql.Select)
    ):
        # Of more than two tables joined, a column would keep the name of its table.
        return node if isinstance(node.this, sql.Star) else sql.alias_(node.copy(), node.name, quoted=True)
    if _counts(node) and not _counts(node.parent):
        # Counts without a sign do not mix with numbers that have one.
        return sql.cast(node.copy(), "Int64", dialect="clickhouse")
    return node


def _counts(node: sql.Expr | None) -> bool:
    """Whether this is a count, with its filter and window."""
    while isinstance(node, (sql.Filter, sql.Window)):
        node = node.this
    return isinstance(node, (sql.Count, sql.RowNumber))


def _sorted_text(node: sql.GroupConcat) -> sql.Expr:
    """ClickHouse joins texts in no order, so they are sorted in a list first, each behind its keys.

    Keys are not null, and those that descend are numbers.
    """
    keys = [sql.Neg(this=sql.paren(key.this)) if key.args.get("desc") else key.this for key in node.this.expressions]
    rows = sql.func("groupArray", sql.Tuple(expressions=[*keys, node.this.this]))
    texts = f"arrayMap(one -> one.{len(keys) + 1}, arraySort({rows.sql('clickhouse')}))"
    return sql.func("arrayStringConcat", sql.maybe_parse(texts, dialect="clickhouse"), node.args["separator"])


def translated_type(name: str, dialect: str) -> str:
    """A column type in another dialect."""
    return sql.DataType.build(name, dialect=OWN).sql(dialect)
