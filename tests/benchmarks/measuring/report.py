"""Where figures are kept: BENCHMARKS.md, a part of it for each benchmark and size."""

import datetime as dt
import re
from pathlib import Path

FILE = Path(__file__).parents[3] / "BENCHMARKS.md"


def record(name: str, command: str, text: str) -> None:
    """Put a benchmark's output into its part of the file, which is marked by comments; a new part goes to the end."""
    begins, ends = f"<!-- {name} -->", f"<!-- end of {name} -->"
    day = dt.datetime.now(dt.UTC).date()
    part = f"{begins}\n`{command}`, {day}\n\n{text.strip()}\n{ends}"
    held = FILE.read_text("utf-8")
    marked = re.compile(f"{re.escape(begins)}.*?{re.escape(ends)}", re.DOTALL)
    if marked.search(held):
        FILE.write_text(marked.sub(lambda _: part, held), "utf-8")
    else:
        FILE.write_text(f"{held.rstrip()}\n\n{part}\n", "utf-8")
