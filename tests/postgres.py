"""The PostgreSQL that the tests of databases start and stop. Run as a script, it gets one when there is none."""

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from signal import SIGINT

FOLDERS = ("/usr/lib/postgresql/*/bin", "/opt/homebrew/opt/postgresql*/bin", "/usr/local/opt/postgresql*/bin")
PASSWORD = "geheim"  # noqa: S105 - of a server that lives for seconds
SECONDS = 30


def programs() -> Path | None:
    """The folder with the newest server's programs, else None."""
    found = [path for pattern in FOLDERS for path in Path("/").glob(f"{pattern[1:]}/initdb")]
    found += [Path(path).resolve() for path in filter(None, [shutil.which("initdb")])]
    return found[-1].parent if found else None


def install() -> None:
    """Get Debian's package when root; its own server is not started."""
    apt = shutil.which("apt-get")
    if apt and os.geteuid() == 0:
        os.environ |= {"DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
        for command in (["update", "-qq"], ["install", "-qq", "--yes", "--no-install-recommends", "postgresql"]):
            subprocess.run([apt, *command], check=False, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)


@contextlib.contextmanager
def running() -> Iterator[int]:
    """A server of its own on this machine, for as long as it is needed: its port."""
    bin_folder = programs()
    assert bin_folder is not None
    # A server refuses to run as root.
    user = "nobody" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
    known = pwd.getpwnam(user)
    as_user = {"user": known.pw_uid, "group": known.pw_gid, "extra_groups": []} if os.geteuid() == 0 else {}
    folder = Path(tempfile.mkdtemp(prefix="evenhand-postgres-"))
    (folder / "password").write_text(PASSWORD)
    for path in (folder, folder / "password"):
        os.chown(path, known.pw_uid, known.pw_gid)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    new = [bin_folder / "initdb", "-D", folder / "data", "-U", "ana", "-A", "scram-sha-256", "-E", "UTF8", "--locale=C"]
    settings = ("listen_addresses=127.0.0.1", "unix_socket_directories=", "fsync=off", f"port={port}", "timezone=UTC")
    serve = [bin_folder / "postgres", "-D", folder / "data", *(word for each in settings for word in ("-c", each))]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": folder, **as_user}
    try:
        subprocess.run([*new, f"--pwfile={folder / 'password'}"], check=True, **quiet)
        with subprocess.Popen(serve, **quiet) as server:
            try:
                _wait(bin_folder, port, server)
                yield port
            finally:
                server.send_signal(SIGINT)
    finally:
        shutil.rmtree(folder)


def _wait(bin_folder: Path, port: int, server: subprocess.Popen[bytes]) -> None:
    asks = [bin_folder / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port)]
    until = time.monotonic() + SECONDS
    while subprocess.run(asks, check=False).returncode:
        assert server.poll() is None, "the server ended"
        assert time.monotonic() < until, "the server does not answer"
        time.sleep(0.05)


def main() -> None:
    """Get a server when there is none; under CI=true it is a failure to end without."""
    if programs():
        return
    print("No PostgreSQL on this machine: getting one …", file=sys.stderr)
    install()
    if not programs():
        print("No PostgreSQL: install its server to run the tests of databases.", file=sys.stderr)
        sys.exit(os.environ.get("CI") == "true")


if __name__ == "__main__":
    main()
