"""Every test here runs on each database."""

from tests.store.databases import dialect, store, url

__all__ = ["dialect", "store", "url"]
