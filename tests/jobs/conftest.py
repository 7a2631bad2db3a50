"""Every test here runs on each database, with texts that need no weights."""

from tests.jobs.bench import bench, clock, taught
from tests.store.databases import dialect, store, url

__all__ = ["bench", "clock", "dialect", "store", "taught", "url"]
