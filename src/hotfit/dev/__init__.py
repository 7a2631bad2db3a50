"""`hotfit dev`: a function's folder watched, learned at every save, and served meanwhile.

May import everything below; nothing but the command line imports it.
"""
