"""The composition root: settings in, the database, blobs and encoders of one home out.

May import everything below; `local` and the command line are built on it.
"""

from hotfit.app.app import App

__all__ = ["App"]
