"""Our SQL in other engines' words, and what is said where Spark cannot be had."""

import builtins
import socket

import pytest
from sqlglot.errors import UnsupportedError

from data.dialects import translated
from data.errors import LogError
from data.spark_sessions import connect_session, start_session


@pytest.mark.parametrize(
    ("ours", "spark", "clickhouse"),
    [
        ("$since is null", ":since IS NULL", "{since: } IS NULL"),
        ("array_length($labels) = 0", "SIZE(:labels) = 0", "LENGTH({labels: }) = 0"),
        ("a // 6", "a DIV 6", "intDiv(a, 6)"),
        ("(a >> 10) & 1023", "(SHIFTRIGHT(a, 10)) & 1023", "bitAnd((bitShiftRight(a, 10)), 1023)"),
        ("bool_or(a)", "BOOL_OR(a)", "max(a)"),
        ("count(*) filter (where a)", "COUNT(*) FILTER(WHERE a)", "CAST(COUNT(*) FILTER(WHERE a) AS Int64)"),
        ("cast(day as timestamp)", "CAST(day AS TIMESTAMP_NTZ)", "CAST(day AS Nullable(DateTime64(6)))"),
        (
            "string_agg(a, '|' order by b desc, c)",
            "LISTAGG(a, '|') WITHIN GROUP (ORDER BY b DESC, c)",
            "arrayStringConcat(arrayMap(one -> one.3, arraySort(groupArray((-(b), c, a)))), '|')",
        ),
    ],
)
def test_what_engines_spell_otherwise_is_translated(ours, spark, clickhouse):
    assert translated(f"select {ours} as x", "spark") == f"SELECT {spark} AS x"
    assert translated(f"select {ours} as x", "clickhouse") == f"SELECT {clickhouse} AS x"


def test_what_has_no_translation_is_an_error_and_no_other_query():
    with pytest.raises(UnsupportedError, match="LAST"):
        translated("select last(a order by b) as x from t", "bigquery")


def test_hints_for_duckdb_are_left_out():
    assert translated("with a as materialized (select 1 as x) select x from a", "spark") == (
        "WITH a AS (SELECT 1 AS x) SELECT x FROM a"
    )


def test_without_java_spark_says_what_to_install(monkeypatch):
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("JAVA_HOME", raising=False)
    with pytest.raises(LogError, match="openjdk-17-jre-headless"):
        start_session("local[2]")


@pytest.mark.parametrize(("start", "url"), [(connect_session, "sc://"), (start_session, "spark://")])
def test_a_spark_that_does_not_answer_is_said_at_once(start, url):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        address = f"{url}127.0.0.1:{closed.getsockname()[1]}"
        with pytest.raises(LogError, match=f"No Spark answers at {address}"):
            start(address)


def test_an_address_without_a_number_for_its_port_is_said():
    with pytest.raises(LogError, match="No Spark answers at sc://host:port"):
        connect_session("sc://host:port")


def test_without_pyspark_it_says_how_to_install_it(monkeypatch):
    really = builtins.__import__

    def without(name, *rest):
        if name.startswith("pyspark"):
            raise ModuleNotFoundError(name=name)
        return really(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(LogError, match=r"pip install -e '\.\[spark\]'"):
        start_session("local[2]")
