"""A function's folder and a server kept in step, row by row: `hotfit pull` and `hotfit push`.

Three things are compared: what both had in common last (`hotfit.sync`), the folder and the server.
May import folders, the client and what is below them; only the command line imports it.
"""
