"""Codes that people read from paper and say on the phone, and that nobody can guess."""

import secrets

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none that is read as another


def draw(length):
    return "".join(secrets.choice(LETTERS) for _place in range(length))
