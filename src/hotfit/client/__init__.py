"""A hotfit server from Python: the verbs of the library, over HTTP.

Needs httpx and nothing heavy: no arrays, no database, no networks are imported. May import
`hotfit.errors` and `hotfit.answers`.
"""

from hotfit.client.client import Client
from hotfit.client.function import RemoteFunction

__all__ = ["Client", "RemoteFunction"]
