"""Codes that people read from paper and say on the phone, and that nobody can guess."""

import secrets

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none that is read as another
LENGTH = 16  # of a certificate's number: 79 bits, nobody finds one by trying


def draw(length):
    return "".join(secrets.choice(LETTERS) for _place in range(length))


def new_number():
    """A certificate's number."""
    return draw(LENGTH)


def typed_number(text):
    """A number as it is stored, however it was typed: small letters, dashes and blanks do not matter."""
    return "".join(sign for sign in text.upper() if sign in LETTERS) if len(text) <= 2 * LENGTH else ""


def in_groups(number):
    return "-".join(number[start : start + 4] for start in range(0, len(number), 4))
