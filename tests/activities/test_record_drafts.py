"""What was typed for a session's record is looked for where the record can be written, and nowhere else."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.activities.factories import make_activity, today

pytestmark = pytest.mark.django_db


def drafts_read(web, session):
    with CaptureQueriesContext(connection) as queries:
        assert web.get(session.get_absolute_url()).status_code == 200
    return sum('FROM "records_draft"' in query["sql"] for query in queries)


def test_a_page_without_the_record_form_reads_no_draft(signed_in, director, community):
    club = make_activity(community, director, kind="club", art="music", title="合唱", times=2)
    begun, ahead = club.sessions.order_by("day")
    assert begun.day <= today() < ahead.day
    assert [drafts_read(signed_in(director), session) for session in (begun, ahead)] == [1, 0]
