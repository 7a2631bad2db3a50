"""A git repository for tests, untouched by the settings of whoever runs them."""

import os
import subprocess
from pathlib import Path

ALONE = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "test",
    "GIT_AUTHOR_EMAIL": "test@localhost",
    "GIT_COMMITTER_NAME": "test",
    "GIT_COMMITTER_EMAIL": "test@localhost",
}


def git(folder: Path, *arguments: str) -> str:
    """Run git in a folder and return what it prints."""
    done = subprocess.run(
        ["git", "-C", str(folder), *arguments],
        env={**os.environ, **ALONE},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def start(folder: Path) -> None:
    """Make a folder a repository with one branch, `main`."""
    git(folder, "init", "--quiet", "--initial-branch=main")


def commit(folder: Path, said: str = "more") -> str:
    """Commit everything below a folder; return the commit."""
    git(folder, "add", "--all", ".")
    git(folder, "commit", "--quiet", "--allow-empty", "-m", said)
    return git(folder, "rev-parse", "HEAD")
