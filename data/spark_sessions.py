"""Sessions of Spark: with this process as the driver, or with a Spark Connect server.

PySpark is imported here and nowhere else: who does not use it needs neither it nor Java.
"""

import logging
import os
import shutil
import socket
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from data.errors import LogError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_PATIENCE_SECONDS = 5
_QUIET: dict[str, bool | float | int | str | None] = {"spark.ui.enabled": False, "spark.ui.showConsoleProgress": False}


def start_session(master: str) -> "SparkSession":
    """A session with this process as the driver, on a master such as `local[2]` or `spark://host:7077`."""
    if not (shutil.which("java") or os.environ.get("JAVA_HOME")):
        raise LogError(
            "Spark needs Java 17 or newer, and this machine has none. Install it (on Debian: apt install "
            "openjdk-17-jre-headless), or name a Spark Connect server, which needs none here."
        )
    if master.startswith("spark://"):
        _check_reachable(master, default_port=7077)
    with _pyspark():
        from pyspark.sql import SparkSession  # noqa: PLC0415 - an optional extra

        session = SparkSession.builder.master(master).appName("evenhand").config(map=_QUIET).getOrCreate()
        session.sparkContext.setLogLevel("ERROR")
        return session


def connect_session(remote: str) -> "SparkSession":
    """A session with a Spark Connect server such as `sc://host:15002`; needs no Java here."""
    _check_reachable(remote, default_port=15002)
    with _pyspark():
        from pyspark.sql.connect.session import SparkSession  # noqa: PLC0415 - an optional extra

        return SparkSession.builder.remote(remote).create()  # type: ignore[return-value]  # the same by another name


def _check_reachable(url: str, *, default_port: int) -> None:
    """`LogError` at once where nothing listens; Spark itself would try for minutes."""
    place = urlsplit(url)
    try:
        host, port = place.hostname or "", place.port or default_port
        socket.create_connection((host, port), timeout=_PATIENCE_SECONDS).close()
    except (OSError, ValueError) as error:
        raise LogError(f"No Spark answers at {url} ({error}). Check the address, and that the server runs.") from None


@contextmanager
def _pyspark() -> Iterator[None]:
    """What keeps PySpark from starting, as one message."""
    try:
        with warnings.catch_warnings():
            # It does not know pandas 3 yet, and is not asked for any pandas.
            warnings.simplefilter("ignore", FutureWarning)
            # It prints every error with its whole plan before it raises it.
            logging.getLogger("SQLQueryContextLogger").setLevel(logging.CRITICAL)
            logging.getLogger("DataFrameQueryContextLogger").setLevel(logging.CRITICAL)
            yield
    except ImportError as error:
        raise LogError(
            f"Spark needs a package that is not installed ({error.name}). Install it: "
            ".venv/bin/pip install -e '.[spark]'."
        ) from None
