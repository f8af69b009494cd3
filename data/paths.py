"""What stands at a path in a nested record."""

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

from data.matching import alternatives
from data.records import as_text

# Several values at once, such as the labels of one decision, are one text.
TOGETHER = " + "


def list_at(content: object, path: str) -> list[Any]:
    """The list at a path; an empty one where there is none."""
    value = content
    if path and isinstance(content, dict):
        value = next((list_at(content[head], rest) for head, rest in _splits(path) if head in content), None)
    value = _opened(value)
    return value if isinstance(value, list) else []


@cache
def _splits(path: str) -> tuple[tuple[str, str], ...]:
    """Where a path can be cut into a key and a rest, the longest key first: keys may have dots."""
    parts = path.split(".")
    return tuple((".".join(parts[:cut]), ".".join(parts[cut:])) for cut in range(len(parts), 0, -1))


def _found(content: object, path: str) -> Iterator[object]:
    """What stands at a path; of a list, what stands there in each element, unless the path has its number."""
    content = _opened(content)
    if isinstance(content, list):
        head, _, rest = path.partition(".")
        if head.isdecimal():
            yield from _found(content[int(head)], rest) if int(head) < len(content) else ()
        else:
            yield from (value for element in content for value in _found(element, path))
    elif not path:
        yield content
    elif isinstance(content, dict):
        for head, rest in _splits(path):
            if head in content:
                yield from _found(content[head], rest)
                return


def _opened(value: object) -> object:
    """What a text of JSON holds, as exports to CSV write lists and objects."""
    if isinstance(value, str) and value[:1] in {"[", "{"}:
        try:
            return json.loads(value)
        except (ValueError, RecursionError):
            return value
    return value


def has_path(content: dict[str, Any], theirs: str) -> bool:
    """Whether one of an entry's alternatives is there, be it empty."""
    return any(True for path in alternatives(theirs) for _ in _found(content, path))


def text_at(content: dict[str, Any], theirs: str) -> str | None:
    """The text of the first of an entry's alternatives that has one; several values are sorted and put together."""
    for path in (theirs,) if theirs in content else alternatives(theirs):
        texts = {text for value in _found(content, path) if (text := plain_text(value))}
        if texts:
            return TOGETHER.join(sorted(texts))
    return None


def plain_text(value: object) -> str:
    """A value as text without white space around it, empty for none."""
    return (as_text(value) or "").strip()
