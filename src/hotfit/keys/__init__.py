"""Keys: who may ask this server, for what, how often; and the tokens that stand for them.

A store's session enters, an `Identity` of `hotfit.functions.access` leaves. Secrets are kept as
salted digests alone. May import `hotfit.functions`, `hotfit.store` and what lies below.
"""
