"""The tests of a folder, read: `tests/*.toml`, and examples in tables beside them.

Files in, checks out; every refusal names the file and the line.
"""

from hotfit.folders.checks.reading import check_files, read_checks

__all__ = ["check_files", "read_checks"]
