"""A PostgreSQL server for the tests, started once a process where one is installed."""

import atexit
import os
import shutil
import socket
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from hotfit.store.sessions import Store

SECONDS = 240.0


def _programs() -> Iterator[Path]:
    """Folders with initdb and pg_ctl: the machine's own, then the one pgserver brings."""
    found = shutil.which("pg_ctl")
    if found is not None:
        yield Path(found).resolve().parent
    yield from sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    try:
        import pgserver
    except ImportError:
        return
    yield Path(pgserver.__file__).parent / "pginstall" / "bin"


def _start(programs: Path, folder: Path) -> str:
    """Start a server that trusts this machine; return its URL."""
    # PostgreSQL refuses to run as root; any account that owns nothing will do.
    user = "nobody" if os.geteuid() == 0 else None
    if user is not None:
        shutil.chown(folder, user)
    data = folder / "data"

    def run(program: str, *arguments: str) -> None:
        command = [str(programs / program), "-D", str(data), *arguments]
        subprocess.run(
            command, check=True, user=user, cwd=folder, capture_output=True, timeout=SECONDS
        )

    def start(*, tries: int = 4) -> int:
        port = _free_port()
        options = f"-p {port} -k {folder} -h 127.0.0.1 -c fsync=off -c shared_buffers=16MB"
        patience = str(int(SECONDS))
        try:
            run("pg_ctl", "-o", options, "-l", str(folder / "log"), "-t", patience, "-w", "start")
        except subprocess.CalledProcessError:
            if tries == 1:
                raise
            return start(tries=tries - 1)  # another program may have taken the port meanwhile
        return port

    run("initdb", "-U", "hotfit", "-A", "trust", "-E", "UTF8", "--no-sync")
    port = start()
    atexit.register(run, "pg_ctl", "-m", "immediate", "stop")
    return f"postgresql://hotfit@127.0.0.1:{port}/postgres"


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@cache
def server() -> tuple[str | None, str]:
    """The URL of the server, or None and why there is none."""
    reason = "no PostgreSQL is installed (pg_ctl, or the pgserver package)"
    for programs in _programs():
        folder = Path(tempfile.mkdtemp(prefix="pg", dir="/tmp"))
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        try:
            return _start(programs, folder), ""
        except (OSError, subprocess.SubprocessError) as error:
            reason = f"PostgreSQL in {programs} does not start: {error}"
    return None, reason


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def dialect(request: pytest.FixtureRequest) -> str:
    """Each database hotfit runs on."""
    return str(request.param)


@pytest.fixture
def url(dialect: str, tmp_path: Path) -> Iterator[str]:
    """An empty database."""
    if dialect == "sqlite":
        yield f"sqlite:///{tmp_path / 'home' / 'hotfit.db'}"
        return
    base, reason = server()
    if base is None:
        pytest.skip(reason)
    schema = f"t{uuid.uuid4().hex}"
    engine = create_engine(base.replace("postgresql:", "postgresql+psycopg:"))
    with engine.begin() as connection:
        connection.exec_driver_sql(f"CREATE SCHEMA {schema}")
    yield f"{base}?options=-csearch_path%3D{schema}"
    with engine.begin() as connection:
        connection.exec_driver_sql(f"DROP SCHEMA {schema} CASCADE")
    engine.dispose()


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """An open store without functions."""
    with Store.open(url) as opened:
        yield opened
