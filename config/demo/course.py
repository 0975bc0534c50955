"""The course of pairings: promises, close-outs, a deputy, the review of the term, the advice-and-care group."""

from children.models import Child
from config.demo.days import days
from config.demo.places import PLACES
from volunteers import renewing
from volunteers.models import CareGroup, CloseOut, Deputy, Feedback, GroupMember, Pairing, Promise, Renewal, Volunteer
from volunteers.models.deputy import who_may_stand_in

WORKS_WELL = "先陪他画一会儿画再谈学习；说好的时间要准时到。喜欢自己动手，多问“你觉得呢”。"


def tell(divisions, people, story_days):
    for place in PLACES:
        community, worker = divisions[place.code], people[place.worker]
        _promise(place, worker, story_days)
        _close_out(place, worker)
        _stand_in(place, worker, story_days)
        _review(community, worker)
        _care_group(community, worker)
    _of_the_volunteer(people, story_days)


def _promise(place, worker, story_days):
    pairing = _holding(place.code).filter(status=Pairing.Status.ACTIVE).first()
    if pairing:
        Promise.give(pairing, text="期末一起去图书馆", due_on=story_days.today + days(30), by=worker)


def _holding(code):
    return Pairing.objects.filter(community=code, status__in=Pairing.HOLDING).order_by("pk")


def _close_out(place, worker):
    """Of the ended pairings one is closed out, one is begun, the others wait."""
    still_open = CloseOut.objects.still_open().filter(community=place.code).order_by("pk")
    first, second = [*still_open[:2], None, None][:2]
    if first:
        CloseOut.write(first.pairing, works_well=WORKS_WELL, by=worker).release(by=worker)
        Feedback.note(first.pairing, side="helper", ticks=["got_on", "helped"], words="看着他长大，很值得。", by=worker)
        Feedback.note(first.pairing, side="child", words="阿姨教会我折纸鹤。", by=worker)
        Feedback.note(first.pairing, side="guardian", ticks=["helped", "kept"], by=worker)
        CloseOut.objects.get(pk=first.pk).leave_out("letter", why="志愿者已搬离本市，当面道别过", by=worker)
    if second:
        Feedback.note(second.pairing, side="child", words="希望她再来。", by=worker)


def _stand_in(place, worker, story_days):
    """A pairing that rests while its helper is away, where another helper of the community has a place."""
    until = story_days.today + days(20)
    told = {"guardian_told_on": story_days.today, "from_day": story_days.today, "until_day": until}
    for resting in _holding(place.code).filter(status=Pairing.Status.PAUSED):
        ready = who_may_stand_in(resting).available().filter(cleared_until__gte=until, user=None)
        if helper := ready.order_by("pk").first():
            guardian = resting.guardian_agreed or "监护人"
            Deputy.name(resting, volunteer=helper, guardian=guardian, **told, by=worker)
            return


def _review(community, worker):
    """All but a few, as people do it; what rests stays paused."""
    term = renewing.term_under_review(community.pk)
    pairings = _holding(community.pk)
    rows = list(renewing.to_review(pairings, term).values_list("pk", "status")) if term else []
    usual = {Pairing.Status.ACTIVE: Renewal.Decision.GO_ON, Pairing.Status.PAUSED: Renewal.Decision.PAUSE}
    renewing.review(pairings, term, {key: {"decision": usual[status]} for key, status in rows[4:]}, by=worker)


def _care_group(community, worker):
    group = CareGroup.set_up(community, by=worker)
    helper = Volunteer.objects.in_service_on(group.founded_on).filter(community=community).order_by("pk").last()
    own = group.take_in(role=GroupMember.Role.COMMITTEE, user=worker, by=worker)
    members = [own, group.take_in(role=GroupMember.Role.YOUNG, volunteer=helper, by=worker)]
    children = Child.objects.filter(community=community, left_on=None).order_by("pk")
    for number, child in enumerate(children[:4]):
        group.assign(child, members[number % 2], by=worker)


def _of_the_volunteer(people, story_days):
    """A promise that waits, and the wish to go on."""
    volunteer = people["volunteer"]
    pairing = Pairing.objects.current().filter(volunteer__user=volunteer).order_by("pk").first()
    if pairing:
        Promise.give(pairing, text="天暖了一起放风筝", due_on=story_days.today + days(14), by=volunteer)
