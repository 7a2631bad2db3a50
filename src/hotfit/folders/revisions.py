"""A folder as a git revision has it: read from git's own store, the working tree untouched.

Files are taken as they were committed (`git ls-tree`, `git cat-file`): no filter, hook or attribute
of the repository runs. Links and submodules are left out.
"""

import os
import shutil
import subprocess
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from hotfit.errors import Refusal, Unavailable
from hotfit.folders.spec import NAME

FILE_MODES = (b"100644", b"100755")

SHORT = 8
"""Letters of a commit that are told."""


class NoGit(Unavailable):
    """There is no git to ask."""

    def __init__(self) -> None:
        super().__init__(
            "git was not found; install it and have it on the PATH, or compare two versions of a "
            "home by their numbers: hotfit diff NAME 3 4"
        )


class NoRepository(Refusal):
    """A folder is not kept in git."""

    def __init__(self, *, folder: Path, said: str) -> None:
        super().__init__(
            f"{folder} is in no git repository that can be read ({said}); run git init there and "
            "commit it, or compare versions of its home by their numbers: hotfit diff "
            f"{folder} 1 2"
        )


class UnknownRevision(Refusal):
    """A repository has no such revision."""

    status = 404

    def __init__(self, *, folder: Path, given: str, shallow: bool) -> None:
        why = (
            "; this clone is shallow, so fetch what it lacks: git fetch --unshallow (in GitHub "
            "Actions: fetch-depth: 0)"
            if shallow
            else "; git log lists those there are"
        )
        super().__init__(f"the repository of {folder} has no revision {given!r}{why}")


class NotInRevision(Refusal):
    """A revision has no function at a folder's place."""

    status = 404

    def __init__(self, *, folder: Path, given: str, inside: str) -> None:
        super().__init__(
            f"the revision {given!r} has no {inside}{NAME}: {folder} held no function then; name a "
            "later revision"
        )


@dataclass(frozen=True, kw_only=True)
class Revision:
    """A commit of the repository that holds a folder; `given` is what it was asked for by.

    `inside` is the folder's path in the repository, with a slash at its end or empty.
    """

    folder: Path
    given: str
    commit: str
    inside: str

    @property
    def name(self) -> str:
        """What it is called in sentences: `main (3f2a1c9d)`."""
        short = self.commit[:SHORT]
        return short if self.commit.startswith(self.given) else f"{self.given} ({short})"

    def tree(self) -> str:
        """What identifies the folder's content: equal trees hold equal files."""
        return _git(self.folder, "rev-parse", f"{self.commit}:{self.inside}").decode().strip()

    def write(self, target: Path, *, only: Collection[str] | None = None) -> None:
        """Write the folder's files below `target`, or `only` some of them.

        Raises NotInRevision where it was no function.
        """
        listed = _git(self.folder, "ls-tree", "-rz", "--full-tree", f"{self.commit}:{self.inside}")
        files = list(_files(listed))
        if not any(path == NAME for path, _ in files):
            raise NotInRevision(folder=self.folder, given=self.given, inside=self.inside)
        files = [(path, key) for path, key in files if only is None or path in only]
        contents = _contents(self.folder, [key for _, key in files])
        for (path, _), content in zip(files, contents, strict=True):
            place = target / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)


def find_revision(folder: Path, given: str) -> Revision:
    """The commit that git knows by `given`; raise NoGit, NoRepository or UnknownRevision."""
    try:
        inside = _git(folder, "rev-parse", "--show-prefix").decode().rstrip("\n")
    except _Failed as failed:
        raise NoRepository(folder=folder, said=failed.said) from failed
    try:
        asked = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{given}^{{commit}}")
        commit = _git(folder, *asked).decode().split()[-1]
    except (_Failed, IndexError) as failed:
        shallow = _git(folder, "rev-parse", "--is-shallow-repository").strip() == b"true"
        raise UnknownRevision(folder=folder, given=given, shallow=shallow) from failed
    revision = Revision(folder=folder, given=given, commit=commit, inside=inside)
    try:
        revision.tree()
    except _Failed as failed:
        raise NotInRevision(folder=folder, given=given, inside=inside) from failed
    return revision


def last_tag(folder: Path) -> str | None:
    """The newest tag that the current commit has in its past, None where there is none."""
    try:
        return _git(folder, "describe", "--tags", "--abbrev=0").decode().strip() or None
    except _Failed:
        return None


def last_change(folder: Path, file: str) -> str | None:
    """The commit that changed a file of the folder last, None where git does not know it."""
    try:
        found = _git(folder, "log", "-1", "--format=%H", "--", f"./{file}")
    except _Failed:
        return None
    return found.decode().strip() or None


def uncommitted(folder: Path) -> list[str]:
    """The files of a folder that differ from the last commit, or that git does not know."""
    listed = _git(folder, "status", "--porcelain", "-z", "--untracked-files=all", "--", ".")
    return [line[3:].decode(errors="replace") for line in listed.split(b"\0") if line]


class _Failed(Exception):
    def __init__(self, said: str) -> None:
        super().__init__(said)
        self.said = said


def _git(folder: Path, *arguments: str, given: bytes | None = None) -> bytes:
    """What git prints; raise NoGit or _Failed."""
    program = shutil.which("git")
    if program is None:
        raise NoGit
    try:
        done = subprocess.run(
            [program, "--no-optional-locks", "-C", str(folder), *arguments],
            input=given,
            stdin=subprocess.DEVNULL if given is None else None,
            capture_output=True,
            check=False,
        )
    except OSError as error:
        raise NoGit from error
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise _Failed(said[-1].removeprefix("fatal: ") if said else "git said nothing")
    return done.stdout


def _files(listed: bytes) -> Iterator[tuple[str, str]]:
    """Path and object of each plain file in what `git ls-tree -rz` prints."""
    for line in listed.split(b"\0"):
        head, _, name = line.partition(b"\t")
        facts = head.split(b" ")
        if len(facts) == 3 and facts[0] in FILE_MODES:
            path = PurePosixPath(os.fsdecode(name))
            # Git refuses to make such trees, but a repository may come from anywhere.
            if not path.is_absolute() and ".." not in path.parts and "\\" not in str(path):
                yield str(path), facts[2].decode()


def _contents(folder: Path, keys: Sequence[str]) -> Iterator[bytes]:
    """The contents of objects, in order."""
    said = _git(folder, "cat-file", "--batch", given="".join(f"{key}\n" for key in keys).encode())
    at = 0
    for _ in keys:
        end = said.index(b"\n", at)
        size = int(said[at:end].split(b" ")[2])
        yield said[end + 1 : end + 1 + size]
        at = end + size + 2
