"""What a file seems to be, told to a person or to a script before anything is loaded."""

import shlex
from pathlib import Path
from typing import Any

from dashboard.output import print_json
from data.guessing import Guess
from data.mapping import mapping_text

# How many unused columns are named.
LISTED = 20


def show(guess: Guess, workspace: Path | None, *, as_json: bool) -> None:
    """Print the guess, for a person or for a script."""
    if as_json:
        print_json(as_dict(guess, workspace))
    else:
        print(as_text(guess, workspace))  # noqa: T201 - this is the output


def as_dict(guess: Guess, workspace: Path | None) -> dict[str, Any]:
    """The guess for scripts."""
    return {
        "file": guess.source.name,
        "table": guess.like.table.name,
        "shape": _shape(guess),
        "records": guess.looked_at,
        "columns": [
            {"ours": fed.ours, "theirs": fed.theirs.name, "why": fed.why, "samples": fed.theirs.samples}
            for fed in guess.like.fed
        ],
        "missing": guess.like.missing,
        "unused": guess.unused,
        "naive_times": guess.naive_times,
        "bundled": guess.bundled,
        "mapping": mapping_text(guess.mapping),
        "command": _command(guess, workspace),
    }


def as_text(guess: Guess, workspace: Path | None) -> str:
    """The guess in a page: what it is, what feeds what and why, what is open, and what to do next."""
    table = guess.like.table
    head = [
        f"{guess.source.name} looks like the table {table.name}: {table.row}. Nothing was loaded.",
        f"Looked at: the first {guess.looked_at:,} records. {_shape(guess)}",
        "",
        *_fed(guess),
    ]
    return "\n".join([*head, *_open_questions(guess), "", *_next(guess, workspace)])


def _shape(guess: Guess) -> str:
    mapping = guess.mapping
    if mapping.raters:
        return f"Wide: one column a rater ({', '.join(mapping.raters)})."
    if mapping.each:
        return f"Nested: every element of {', '.join(mapping.each)} is a row."
    return "Flat: one record is one row."


def _fed(guess: Guess) -> list[str]:
    rows = [(fed.ours, fed.theirs.name, "; ".join(fed.theirs.samples)[:60], fed.why) for fed in guess.like.fed]
    rows.insert(0, ("ours", "theirs", "for instance", "why"))
    first, second, third = (max(len(row[place]) for row in rows) for place in range(3))
    return [f"  {ours:{first}}  {theirs:{second}}  {some:{third}}  {why}" for ours, theirs, some, why in rows]


def _open_questions(guess: Guess) -> list[str]:
    more = len(guess.unused) - LISTED
    unused = ", ".join(guess.unused[:LISTED]) + (f" and {more} more" if more > 0 else "")
    questions = [f"Nothing feeds {name}, which {guess.like.table.name} must have." for name in guess.like.missing]
    if guess.like.missing and unused:
        questions.append(f"  If one of these does, write it into the mapping: {unused}.")
    elif unused:
        questions.append(f"Columns left unused: {unused}.")
    if guess.like.table.name == "gold":
        questions.append("Gold is taken for the truth. Is each of these labels known to be right, and no mere opinion?")
    if guess.mapping.times and not guess.bundled:
        questions.append(f"Times are read as {guess.mapping.times}. Are month and day in that order?")
    if guess.naive_times:
        questions.append(
            f"Times in {', '.join(guess.naive_times)} have no offset: where was that clock? They are taken for UTC; "
            'if it was elsewhere, begin the mapping with a line such as  zone = "Europe/Berlin".'
        )
    return ["", *questions] if questions else []


def _next(guess: Guess, workspace: Path | None) -> list[str]:
    command = ["", f"  {_command(guess, workspace)}"]
    if not guess.needs_mapping:
        return ["The names are the contract's own: no mapping is needed. Run", *command]
    if guess.bundled:
        return [f"The bundled mapping {guess.bundled} fits this file. Run", *command]
    missing = f", with {' and '.join(guess.like.missing)}" if guess.like.missing else ""
    return [f"Save this mapping as {_file(guess)}{missing}:", "", mapping_text(guess.mapping), "Then run", *command]


def _file(guess: Guess) -> str:
    return f"{guess.source.path.name.split('.')[0]}.toml"


def _command(guess: Guess, workspace: Path | None) -> str:
    words = ["evenhand", "load", guess.like.table.name, guess.source.name, "-w", str(workspace or "WORKSPACE")]
    if guess.needs_mapping:
        words += ["--mapping", guess.bundled or _file(guess)]
    return shlex.join(words)
