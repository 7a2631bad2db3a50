"""hotfit in this process: what the library and the command line do, without a server.

`Home` is a folder with functions in it, `Function` one of them. May import everything below.
"""

from hotfit.local.function import Function
from hotfit.local.home import Home

__all__ = ["Function", "Home"]
