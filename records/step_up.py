"""Revealing, exporting and handling accounts ask for the password again: the screen may stand open."""

import time

from allauth.account import app_settings
from allauth.account.authentication import get_authentication_records
from allauth.core.exceptions import ReauthenticationRequired


def ask_again(request):
    """Leads to the password page, and back to this request, where nobody typed the password in the last minutes.

    Call it after the row was found in scope, so that a row out of scope asks for nothing.
    """
    proofs = get_authentication_records(request, request.user)
    if not any(time.time() - proof["at"] < app_settings.REAUTHENTICATION_TIMEOUT for proof in proofs):
        raise ReauthenticationRequired
