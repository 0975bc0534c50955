"""Where the parents of a community work, who asked after them, and how guardianship was rated: a few of each."""

from children import stays
from children.closing import leave_register, return_to_register
from children.models import Away, Child, ParentContact, QualityRating
from children.rating import rate
from config.demo.days import days

WORKS = [
    ("factory", "恒达电子厂"),
    ("building", "第三建筑公司工地"),
    ("service", "老味道面馆"),
    ("transport", "顺路快递"),
    ("domestic", ""),
    ("trade", "自营水果摊"),
]
REASONS = QualityRating.Reason


def tell(community, worker, today):
    """Told when all else is dated back; what is on file about most stays was verified three weeks ago."""
    going_on = Away.objects.filter(community=community, until=None)
    going_on.update(verified_on=today - days(21))
    parents = list(going_on.filter(adult__kinships__relation__in=["father", "mother"]).distinct().order_by("pk")[:12])
    for stay, (work, employer) in zip(parents, WORKS, strict=False):
        stay.work, stay.employer, stay.source = work, employer, Away.Source.PARENT
        stay.expected_back_on = today + days(60)
        stays.correct_stay(stay, ["work", "employer", "source", "expected_back_on"], by=worker)
        stays.log_contact(stay.adult, on=today - days(9), reached=True, means="video", by=worker)
    _one_was_away_before(parents[0], worker)
    _two_are_silent(parents[2:4], worker, today)
    _one_should_be_back(parents[4], today)
    _rate(community, worker, today)
    _come_back(community, worker, today)


def _one_was_away_before(stay, worker):
    if stay.since:
        earlier = Away(
            adult=stay.adult, since=stay.since - days(500), until=stay.since - days(90), place="山西省大同市"
        )
        stays.note_stay(earlier, by=worker)


def _two_are_silent(parents, worker, today):
    """Father and mother of one family: nobody has reached them for more than two months."""
    ParentContact.objects.filter(adult__in=[stay.adult_id for stay in parents], reached=True).update(
        tried_on=today - days(80)
    )
    Away.objects.filter(pk__in=[stay.pk for stay in parents]).update(verified_on=today - days(80))
    for stay in parents:
        stays.log_contact(stay.adult, on=today - days(4), reached=False, note="电话无人接听", by=worker)


def _one_should_be_back(stay, today):
    Away.objects.filter(pk=stay.pk).update(expected_back_on=today - days(6))


def _rate(community, worker, today):
    for child in Child.objects.filter(community=community, left_on=None, guardianship_quality="poor").order_by("pk")[
        :2
    ]:
        rate(
            child,
            Child.Quality.POOR,
            reasons=[REASONS.OLD_OR_ILL, REASONS.RISK],
            note="奶奶年迈多病，孩子放学后无人管",
            on=today - days(30),
            by=worker,
        )


def _come_back(community, worker, today):
    """One child had moved away and is back."""
    child = Child.objects.filter(
        community=community, left_on=None, registered_on__lt=today - days(300), pairings=None, enrolments=None
    ).order_by("pk").first()  # fmt: skip
    if child:
        leave_register(child, on=child.registered_on + days(20), reason=Child.LeftReason.MOVED_OUT, by=worker)
        return_to_register(child, on=child.registered_on + days(80), by=worker)
