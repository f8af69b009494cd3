"""Rows as Arrow, which Polars reads by itself; DuckDB's own `pl()` would load pyarrow.

Polars remembers every type that it was given to read, and with it the module of that type until the process has
ended. DuckDB complains then of what it still finds there; so this module knows nothing of DuckDB.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rows:
    """A stream of rows, as the Arrow PyCapsule interface hands it over."""

    stream: object

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """What Polars asks for."""
        return self.stream
