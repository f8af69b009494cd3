"""How much is read unasked: what would read more says so before it runs, and waits for the reader."""

from collections.abc import Mapping, Sequence
from typing import Any

from dashboard import session
from data.errors import LargeQuestionError
from metrics.catalogue import CATALOGUE
from queries.ask import lacks_rows, narrow_rows_read, reads_log

READ_AT_ONCE = 5_000_000
"""Of a larger log, all reviews are read only when the reader asks for it."""
REGROUPED_AT_ONCE = 10_000_000
"""So many reviews of items with several are regrouped in three seconds; more only when the reader asks for it."""
_READS_ALL = "This reads all {:,} reviews, which may take minutes."


def answers_all() -> bool:
    """Whether questions that only all reviews can answer are answered at once, or because the reader asked for it."""
    if lacks_rows(session.source().engine, session.filters()):
        return False
    return session.reads_all() or session.span()["reviews"] <= READ_AT_ONCE


def answers(name: str, dimension: str) -> bool:
    """Whether a metric cut by a dimension is answered at once."""
    return session.reads_all() or not _too_much(CATALOGUE[name].query, (dimension,))


def check(name: str, by: Sequence[str] = (), asked: Mapping[str, Any] | None = None) -> None:
    """`LargeQuestionError` before a question would read more than it may; what was forgotten cannot be read at all."""
    if not session.reads_all() and (said := _too_much(name, by, asked)):
        raise LargeQuestionError(said)


def _too_much(name: str, by: Sequence[str], asked: Mapping[str, Any] | None = None) -> str:
    """What a question would read, where that is more than is read unasked."""
    engine, chosen = session.source().engine, session.filters()
    if lacks_rows(engine, chosen):
        return ""
    reviews = session.span()["reviews"]
    if reviews > READ_AT_ONCE and reads_log(engine, name, chosen, by, asked):
        return _READS_ALL.format(reviews)
    # There are fewer of them than of reviews.
    rows = narrow_rows_read(engine, name, chosen, by, asked) if reviews > REGROUPED_AT_ONCE else 0
    return f"This regroups {rows:,} reviews, which takes a while." if rows > REGROUPED_AT_ONCE else ""


def check_whole_log() -> None:
    """`LargeQuestionError` before a large log is read as a whole, one table compared with another."""
    reviews = session.span()["reviews"]
    if reviews > READ_AT_ONCE and not session.reads_all() and session.source().engine.rolled_from is None:
        raise LargeQuestionError(
            _READS_ALL.format(reviews) + " It is checked on Data health when you ask for it there."
        )
