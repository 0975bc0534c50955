"""How often the public pages answer: counted by address, and for everybody together, as settings say.

A whole school or village may sit behind one address, so an address may do as much as a class does in a lesson; what
everybody may do together keeps the pages up when the addresses change. Behind a proxy the address is the one that our
own proxy wrote.
"""

from allauth.core.internal import ratelimit

SETTINGS = "allauth.account"  # ACCOUNT_RATE_LIMITS, where those of signing in stand, too
EVERYBODY = "everybody"


def may(request, action):
    """Whether this request is not one too many of `action`; it is counted."""
    return bool(ratelimit.consume(request, app=SETTINGS, action=action, key=EVERYBODY, limit_get=True))
