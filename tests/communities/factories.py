import datetime as dt

from django.utils import timezone

from communities.models import LeadingGroupMember, Meeting


def today():
    return timezone.localdate()


def days(number):
    """The day that lies `number` days after today."""
    return today() + dt.timedelta(days=number)


def a_member(community, name="高志强", position="member", **details):
    facts = {"since": days(-400), **details}
    return LeadingGroupMember.objects.create(community=community, name=name, position=position, **facts)


def a_meeting(community, kind="study", day=None, title="研究暑期安全", **details):
    return Meeting.objects.create(community=community, kind=kind, day=day or today(), title=title, **details)


def held_meeting(community, kind="study", day=None, **details):
    """A meeting on record as held, without its figures."""
    return a_meeting(community, kind, day, status="held", held_at=timezone.now(), minutes="听取汇报。", **details)
