"""HTTP: a router and its schemas per resource, one error shape, access, paging.

Requests enter, JSON leaves. May import everything below it; `hotfit.app` composes it. What a route
needs of the program stands in `hotfit.api.parts`; who may call it, beside its path (`needs`).
"""
