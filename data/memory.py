"""How much memory a writer or a reader of a store takes."""

import os

MOST = 5 * 1024
"""In MiB. Where this or half of the machine is not enough, a query works on the disk, or says that it cannot."""


def limit() -> str:
    """The limit as DuckDB reads it."""
    machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    return f"{min(MOST, machine // 2)}MiB"
