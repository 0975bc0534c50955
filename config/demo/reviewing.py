"""What is said about entries of helpers after they were written: in the director's community and in one far from it."""

from config.demo.places import PLACES
from volunteers import correcting
from volunteers.models import Contact, Pairing, Thanks

HOME = {"home": {"ticks": ["tidy", "place"], "words": "炉子换了新的，屋里暖和。"}}
FOLLOW_UP = {"follow_up": {"ticks": ["school", "support"], "words": "想申请冬衣。"}}
LATEST = 5


def review(people):
    """Of each place's latest entries one is completed, one asked back, one answered, one checked."""
    for place in (PLACES[0], PLACES[-1]):
        worker = people[place.worker]
        held = Pairing.objects.current().filter(community=place.code)
        rows = Contact.objects.filter(community=place.code, lines__pairing__in=held).distinct()
        rows = rows.exclude(kinds__contains=["letter"]).select_related("volunteer")
        latest = list(rows.order_by("-made_on", "-pk")[:LATEST])
        _complete(latest[0], latest[0].volunteer.user or worker)
        latest[0].remark(text="已和学校联系，下周一起去家里看看。", by=worker)
        latest[1].ask_back(question="孩子说作业太多，是哪一科？", by=worker)
        latest[2].ask_back(question="老人的身体现在怎样？", by=worker)
        latest[2].take_answer(answer="血压稳定，按时吃药。", by=worker)
        latest[3].verify(seen=latest[3].seen_mark, by=worker)
        line = latest[3].lines.select_related("pairing").first()
        words = {"text": "谢谢您这么细心！", "pairing": line.pairing, "contact": latest[3]}
        Thanks.say(latest[3].volunteer, **words, by=worker)
    _ask_the_volunteer(people)


def _complete(entry, by):
    facts = {"answers": {**HOME, **FOLLOW_UP}, "met": ["child", "guardian", "teacher"]}
    correcting.correct(entry, seen=0, facts=facts, reason="补充家中情况", by=by)


def _ask_the_volunteer(people):
    """The demo's volunteer finds a question on the first page."""
    own = Contact.objects.filter(volunteer__user=people["volunteer"], status=Contact.Status.WRITTEN)
    own = own.filter(lines__pairing__in=Pairing.objects.current())
    entry = own.order_by("-made_on", "-pk").first()
    entry.ask_back(question="孩子最近和爸妈通话了吗？", by=people["director"])
