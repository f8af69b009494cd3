"""The engines that tests compare: a log for all of them, and how each is started on it."""

import os
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyspark
import sqlglot
from chdb.session import Session
from sqlglot import expressions

from data.dialects import translated
from data.engine import used

# Small queries compile longer than they run, and small tables need one task each.
QUICK = {
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.sql.shuffle.partitions": "1",
    "spark.sql.adaptive.enabled": "false",
}
# What makes ClickHouse follow the standard: what is missing has no value.
CLICKHOUSE = {
    "join_use_nulls": "1",
    "aggregate_functions_null_for_empty": "1",
    "session_timezone": "'UTC'",
    "output_format_arrow_string_as_string": "1",
}
STARTS_WITHIN_SECONDS = 180
SERVER = "org.apache.spark.sql.connect.service.SparkConnectServer"


class ClickHouseEngine:
    """ClickHouse inside this process, with the tables of a store as they are."""

    has_rollups = tells_repeats = False
    forgotten = None
    rolled_from = None

    def __init__(self, folder: Path, tables: Mapping[str, pl.DataFrame]) -> None:
        self._session = Session(str(folder / "clickhouse"))
        for name, value in CLICKHOUSE.items():
            self._session.query(f"set {name} = {value}")
        for name, rows in tables.items():
            self.add(name, rows, folder / f"{name}.parquet")

    def add(self, name: str, rows: pl.DataFrame, file: Path) -> None:
        """Let queries read a table under this name; it is written to a file on the way."""
        rows.write_parquet(file)
        self._session.query(f"create table {name} engine = Memory as select * from file('{file}', Parquet)")  # noqa: S608 - names of ours

    def fetch(self, sql: str, parameters: Mapping[str, Any]) -> pl.DataFrame:
        """The rows of a query; parameters are put into its text, as ClickHouse wants the type of each."""
        values = {name: expressions.convert(value) for name, value in used(sql, parameters).items()}
        tree = expressions.replace_placeholders(sqlglot.parse_one(sql, dialect="duckdb"), **values)
        answer = self._session.query(translated(tree.sql("duckdb"), "clickhouse"), "Arrow")
        return pl.DataFrame(pa.ipc.open_file(answer.bytes()).read_all())

    def define(self, name: str, sql: str) -> None:
        """Let queries read the rows of this one under a name."""
        answer = translated(sql, "clickhouse")
        self._session.query(f"create or replace table {name} engine = Memory as {answer}")

    def close(self) -> None:
        """End the session."""
        self._session.close()


@contextmanager
def connect_server(folder: Path) -> Iterator[str]:
    """The address of a Spark Connect server on this machine, stopped at the end."""
    home = Path(pyspark.__file__).parent
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = {
        "spark.ui.enabled": "false",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.connect.grpc.binding.address": "127.0.0.1",
        "spark.connect.grpc.binding.port": str(port),
    }
    options = [part for name, value in settings.items() for part in ("--conf", f"{name}={value}")]
    command = [
        str(home / "bin" / "spark-submit"),
        "--master",
        "local[2]",
        "--class",
        SERVER,
        *options,
        "spark-internal",
    ]
    environment = os.environ | {"SPARK_HOME": str(home)}
    with (folder / "server.log").open("wb") as log:
        server = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log)
    try:
        _wait_for(port, server, folder / "server.log")
        yield f"sc://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()


def _wait_for(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + STARTS_WITHIN_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except ConnectionRefusedError:
            time.sleep(0.2)
        else:
            return
    raise TimeoutError(f"no Spark Connect server came up: {log.read_text()[-2000:]}")


def awkward_log(folder: Path, tables: Mapping[str, pl.DataFrame]) -> None:
    """A log in two deliveries, the second of which corrects, repeats and leaves out."""
    for name, rows in tables.items():
        (folder / name).mkdir(parents=True)
        rows.write_parquet(folder / name / "1.parquet")
    first = tables["reviews"].with_row_index("row")
    corrected = first.filter(pl.col("row") % 40 == 0).with_columns(label=pl.lit("ban"), queue=pl.lit(None, pl.String))
    again = first.filter(pl.col("row") % 25 == 1).with_columns(
        review_id="again " + pl.col("review_id"),
        label=pl.lit("borderline"),
        decided_at=pl.when(pl.col("row") % 2 == 0).then(pl.col("decided_at") + timedelta(microseconds=999_999)),
    )
    unknown = first.filter(pl.col("row") % 30 == 2).with_columns(
        pl.lit(None, pl.String).alias("policy"),
        pl.lit(None, pl.String).alias("standard_version"),
        pl.lit(None, pl.Boolean).alias("is_blind"),
        review_id=pl.format("it's {} “quoted” \\", "review_id"),
        reviewer_id=pl.lit("nobody knows"),
        item_id=pl.concat_str(pl.lit("item "), pl.col("row") % 7),
        decided_at=pl.when(pl.col("row") % 4 == 0).then("decided_at"),
    )
    second = pl.concat([corrected, again, unknown]).drop("row", "content_type")
    second.write_parquet(folder / "reviews" / "2.parquet")
