"""Writes a file of a folder whole or not at all: who reads it meanwhile has the old one."""

from pathlib import Path


def write_whole(path: Path, content: bytes) -> None:
    """Put a file in the place of the one that was there."""
    part = path.with_name(f".{path.name}.part")
    part.write_bytes(content)
    part.replace(path)


def keep_whole(path: Path, text: str) -> None:
    """Write a text whole; a file that says so already stays, however its lines end."""
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return
    write_whole(path, text.encode())
