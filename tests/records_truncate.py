"""Tests that need real commits empty the tables afterwards; in the test database the trail lets them."""

from django.db import connection

LET_TESTS_EMPTY_THE_TRAIL = """
DROP TRIGGER IF EXISTS never_emptied ON records_trailentry;
DROP TRIGGER IF EXISTS never_emptied ON records_trailseal;
"""


def let_tests_empty_the_trail():
    with connection.cursor() as cursor:
        cursor.execute(LET_TESTS_EMPTY_THE_TRAIL)
