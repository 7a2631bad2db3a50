"""A function as a folder that people read, review and keep in git: files in, samples and words out.

`Folder.open` reads `hotfit.toml`, the rows under `data/`, the tests under `tests/` and
`hotfit.lock`. It may import inputs, the layers below them and what they share; no database.
"""

from hotfit.folders.folder import Folder
from hotfit.folders.rows import Row
from hotfit.folders.spec import Spec

__all__ = ["Folder", "Row", "Spec"]
