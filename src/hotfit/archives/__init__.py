"""A function as one file, to be kept or moved to another server, and its samples as a table.

A store, blobs and a file enter; a file or a function leaves. Files are zips of JSON lines,
safetensors and images, never code. May import `hotfit.samples` and what lies below.
"""
