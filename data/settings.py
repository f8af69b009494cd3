"""What `workspace.toml` says about a workspace."""

import json
import tomllib
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
    `created_at` tells workspaces apart that follow each other at one path.
    """

    repeats: Literal["last", "all"] = "last"
    min_n: int | None = None
    name: str = ""
    note: str = ""
    created_at: str = ""


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
    if found.get("repeats", "last") not in {"last", "all"}:
        raise LogError(f'{path}: repeats is "last" or "all", not {found["repeats"]!r}.')
    smallest = found.get("min_n", 1)
    if not isinstance(smallest, int) or isinstance(smallest, bool) or smallest < 1:
        raise LogError(f"{path}: min_n is a whole number above 0, not {smallest!r}.")
    for text in ("name", "note", "created_at"):
        if not isinstance(found.get(text, ""), str):
            raise LogError(f"{path}: {text} is a text in quotes, not {found[text]!r}.")


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
    ]
    if settings.min_n is not None:
        lines.append(f"min_n = {settings.min_n}")
    return "\n".join(lines) + "\n"
