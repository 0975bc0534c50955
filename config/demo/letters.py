"""Letters between helpers and children, certificates of service, thanks: some wait, some came back, one is answered."""

from config.demo.days import days
from config.demo.places import PLACES
from volunteers.models import Certificate, ChildLetter, Pairing, Thanks, Volunteer

TO_THE_CHILD = (
    "你好！上次你教我折的纸鹤，我放在窗台上了，风一吹就像要飞。等天气暖和了，我们一起去放风筝。好好吃饭，好好睡觉。"
)
TOO_MUCH = "你好！我的电话是15412345678，想说话就打给我，晚上也行，我每天都来接你。"
REMARK = "写得很亲切。电话号码请去掉，联系通过社区安排；“每天都来接你”做不到就先不许诺，谢谢。"
FROM_THE_CHILD = "阿姨：纸鹤我又折了五只，有一只给奶奶。我数学考了八十六分。你什么时候来？"


def write(people, today):
    """After the helpers' own entries: what is said here is on top of them."""
    for place in PLACES:
        worker = people[place.worker]
        pairings = Pairing.objects.current().filter(community=place.code, kind="loving_mother")
        for pairing in _clear(pairings, today).exclude(volunteer__user=people["volunteer"])[:2]:
            ChildLetter.write(pairing, text=TO_THE_CHILD, by=worker)
        _certify(place, worker, today)
    _of_the_volunteer(people, today)


def _clear(pairings, today):
    rows = pairings.filter(volunteer__cleared_until__gte=today).select_related("volunteer").order_by("pk")
    return rows.filter(volunteer__left_on=None)


def _certify(place, worker, today):
    helpers = Volunteer.objects.filter(community=place.code, left_on=None, user=None, contacts__minutes__gt=0)
    asking = helpers.distinct().order_by("pk").first()
    if asking:
        Certificate.ask(asking, from_day=asking.joined_on, until_day=today, by=worker)
        Thanks.say(asking, text="这一年辛苦了，孩子们都盼着您来。", said_on=today - days(12), by=worker)


def _of_the_volunteer(people, today):
    volunteer, director = people["volunteer"], people["director"]
    held = list(_clear(Pairing.objects.current().filter(volunteer__user=volunteer), today))
    first, last = held[0], held[-1]
    ChildLetter.write(last, text=TOO_MUCH, by=volunteer).send_back(remark=REMARK, by=director)
    ChildLetter.write(first, text=TO_THE_CHILD, by=volunteer).pass_on(by=director)
    ChildLetter.note_answer(first, text=FROM_THE_CHILD, by=director).pass_on(by=director)
    helper = first.volunteer
    Thanks.say(helper, text="您来过以后，孩子话多了，也爱笑了。", source="family", pairing=first, by=director)
    certificate = Certificate.ask(helper, from_day=helper.joined_on, until_day=today - days(30), by=volunteer)
    certificate.issue(by=director)
