"""Files in object stores and other places that fsspec reaches: listed there, copied here when they are read."""

import functools
import hashlib
import re
from collections.abc import Mapping
from glob import has_magic
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import parse_qsl, urlencode

import fsspec

from data.errors import LogError
from data.locking import DISK_FULL
from data.source import Source, format_of, known_endings, source_of, unknown_endings

# How stores call what changes with a file's content, the surest first.
VERSIONS = ("ETag", "etag", "md5Hash", "content_md5", "mtime", "LastModified", "last_modified", "updated", "created")
# What an address may tell besides; everything else after its question mark may be a secret.
TELLING = {"host", "hostaddr", "port", "dbname", "user", "service"}
# The extra of ours that brings what a store needs.
EXTRAS = {"s3": "s3", "s3a": "s3", "gs": "gcs", "gcs": "gcs"}


def shown(url: str) -> str:
    """An address without its password and other secrets, as it may be kept and printed."""
    # A password may hold anything but a slash: it ends with the last @ before one.
    place, mark, options = re.sub(r"://([^/:@?]*)(:[^/]*)?@", r"://\1@", url, count=1).partition("?")
    told = urlencode([(name, value) for name, value in parse_qsl(options) if name in TELLING], safe="/")
    return f"{place}{mark}{told}" if told else place


def objects(url: str, spool: Path) -> tuple[list[Source], list[str]]:
    """The files that an address names, sorted, and what is to be said of the others; `LogError` when there are none."""
    store, found = _listed(url)
    place = shown(url)
    known = sorted(path for path in found if format_of(PurePosixPath(path)) is not None)
    if not known:
        raise LogError(f"{place} holds nothing that can be loaded ({known_endings()}), or it does not exist.")
    return [_object(store, path, found[path], spool) for path in known], list(unknown_endings(place, sorted(found)))


def _listed(url: str) -> tuple[fsspec.AbstractFileSystem, dict[str, dict[str, Any]]]:
    scheme = url.partition("://")[0]
    try:
        store, path = fsspec.url_to_fs(url)
        store.invalidate_cache()
        found = store.glob(path, detail=True) if has_magic(path) else store.find(path, detail=True)
    except ImportError as error:
        extra = EXTRAS.get(scheme)
        install = f".venv/bin/pip install -e '.[{extra}]'" if extra else str(error)
        raise LogError(f"{shown(url)} needs a driver that is not installed. Install it: {install}.") from None
    except ValueError:
        raise LogError(
            f"{shown(url)} is no address of files that is known here. A database is asked with --query."
        ) from None
    except Exception as error:  # noqa: BLE001 - every store raises its own kinds, which only its driver can name
        raise _unreachable(url, error) from None
    return store, {path: facts for path, facts in found.items() if facts["type"] == "file"}


def _object(store: fsspec.AbstractFileSystem, path: str, facts: Mapping[str, Any], spool: Path) -> Source:
    name = shown(store.unstrip_protocol(path))
    version = next((str(facts[each]) for each in VERSIONS if facts.get(each)), "")
    # Two objects may bear the same name, and one a name that leads out of the folder.
    copy = (
        spool / f"{hashlib.sha256(store.unstrip_protocol(path).encode()).hexdigest()[:16]}-{PurePosixPath(path).name}"
    )
    fetch = functools.partial(_fetch, store, path, name, copy)
    return source_of(copy, name, size=facts["size"], version=f"{facts['size']} bytes {version}", fetch=fetch)


def _fetch(store: fsspec.AbstractFileSystem, path: str, name: str, copy: Path) -> None:
    copy.parent.mkdir(parents=True, exist_ok=True)
    try:
        store.get_file(path, str(copy))
    except Exception as error:
        # Of our own disk the workspace speaks.
        if isinstance(error, OSError) and error.errno in DISK_FULL:
            raise
        raise _unreachable(name, error) from None


def _unreachable(url: str, error: Exception) -> LogError:
    said = re.sub(r"\s+", " ", str(error)).strip().rstrip(".") or type(error).__name__
    return LogError(
        f"{shown(url)} cannot be read: {said}. Check the address, the way to its server, and your credentials; nothing "
        "was loaded."
    )
