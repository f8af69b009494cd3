"""What `workspace.toml` says about a workspace."""

import json
import math
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Literal

from data.errors import LogError

FORMAT = 2
FILE = "workspace.toml"


@dataclass(frozen=True, slots=True)
class Settings:
    """What holds for every answer from a workspace.

    `repeats` says which of several reviews by one reviewer of one item count; `min_n`, when given, replaces every
    metric's own smallest number of cases; `name` and `note` tell readers what the log is and where it comes from;
    `created_at` tells workspaces apart that follow each other at one path. `names` grants the pages the reviewers'
    ids, which show pseudonyms otherwise, and a cell of one reviewer that counts fewer than `min_cell` is hidden.
    `target` is the accuracy that is asked of reviewers; at `reference_prevalence`, a share of violating content, all
    are compared; `cost_ratio` is what a false alarm costs in parts of a miss.
    """

    repeats: Literal["last", "all"] = "last"
    min_n: int | None = None
    name: str = ""
    note: str = ""
    created_at: str = ""
    names: bool = False
    min_cell: int = 10
    target: float = 0.9
    reference_prevalence: float = 0.1
    cost_ratio: float = 1.0


_Rule = tuple[Callable[[Any], bool], str]
_TEXT: _Rule = (lambda value: isinstance(value, str), "a text in quotes")
_COUNT: _Rule = (lambda value: type(value) is int and value > 0, "a whole number above 0")
_SHARE: _Rule = (lambda value: type(value) is float and 0 < value < 1, "a share between 0 and 1, such as 0.9")
_RULES: dict[str, _Rule] = {
    "repeats": (lambda value: value in {"last", "all"}, '"last" or "all"'),
    "names": (lambda value: type(value) is bool, "true or false"),
    "cost_ratio": (lambda value: type(value) in {int, float} and 0 < value < math.inf, "a number above 0"),
    **dict.fromkeys(("min_n", "min_cell"), _COUNT),
    **dict.fromkeys(("target", "reference_prevalence"), _SHARE),
}
"""What a setting must be, and how that is said; any other is a text."""


def read_settings(root: Path) -> Settings:
    """The settings of the workspace in that folder; `LogError` when there is none that this version can read."""
    path = root / FILE
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        raise LogError(f"{root} is not a workspace. Make one with: evenhand init {root}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise LogError(f"{path} is not valid TOML: {error}.") from None
    except PermissionError:
        raise LogError(f"{path} may not be read. Ask for read permission on the folder.") from None
    _check(found, path)
    found.pop("format")
    return Settings(**found)


def _check(found: dict[str, Any], path: Path) -> None:
    made_as = found.get("format")
    if not isinstance(made_as, int) or made_as < 1:
        raise LogError(f"{path} has no line `format = {FORMAT}`: it was not written by Evenhand.")
    if made_as > FORMAT:
        raise LogError(
            f"{path.parent} was made by a newer Evenhand (format {made_as}; this one reads {FORMAT}). Upgrade Evenhand."
        )
    known = ["format", *(field.name for field in fields(Settings))]
    if unknown := sorted(set(found) - set(known)):
        raise LogError(f"{path} has the unknown setting {unknown[0]!r}; the settings are {', '.join(known)}.")
    for name, value in found.items():
        holds, wanted = _RULES.get(name, _TEXT)
        if name != "format" and not holds(value):
            raise LogError(f"{path}: {name} is {wanted}, not {value!r}.")


def settings_text(settings: Settings) -> str:
    """The settings as the text of a `workspace.toml`."""
    lines = [
        f"format = {FORMAT}",
        "# What readers are told of this log beside its numbers: its name, and where it comes from.",
        f"name = {json.dumps(settings.name, ensure_ascii=False)}",
        f"note = {json.dumps(settings.note, ensure_ascii=False)}",
        f'created_at = "{settings.created_at}"',
        "# Which of several reviews by one reviewer of one item count: the last or all.",
        f'repeats = "{settings.repeats}"',
        "# Whether pages show reviewers by their ids (true) or by pseudonyms; the least count that is shown of one.",
        f"names = {json.dumps(settings.names)}",
        f"min_cell = {settings.min_cell}",
        "# The accuracy that is asked of reviewers; the share of violating content at which all are compared; what a",
        "# false alarm costs in parts of a miss.",
        f"target = {settings.target}",
        f"reference_prevalence = {settings.reference_prevalence}",
        f"cost_ratio = {settings.cost_ratio}",
    ]
    if settings.min_n is not None:
        lines.append(f"min_n = {settings.min_n}")
    return "\n".join(lines) + "\n"
