"""Single sign-on as a client: OpenID Connect, code exchange of government portals, CAS, a trusted proxy.

Each protocol turns what came back into an `Identity` or raises `Refused`; who that is here, others decide.
"""
