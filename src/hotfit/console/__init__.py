"""The files of the console, which the build puts beside this module, and what is shown without.

Nothing enters but a folder; a table of its files in memory leaves. Imports nothing of hotfit.
"""

from hotfit.console.files import NONCE, File, load

__all__ = ["NONCE", "File", "load"]
