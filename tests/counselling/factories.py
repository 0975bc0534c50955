"""Cases for the tests of counselling; every word said in them is to be found nowhere else."""

import datetime as dt

from django.utils import timezone

from children import referring
from counselling import caring
from counselling.models import CaseWords, CounsellingSession, SessionWords

COMPLAINT, AIM, COURSE, STEP = "夜半惊醒不敢出声", "愿意说出心里害怕", "她画了一间没有窗的屋子", "下周再画一次"
WORDS = [COMPLAINT, AIM, COURSE, STEP, "第一回诉说", "第一回目标"]


def a_case(child, counsellor, *, by, until=None):
    referring.refer(child, counsellor, until=until, by=by)
    return caring.open_case(child, CaseWords(complaint=COMPLAINT, aim=AIM), by=counsellor)


def a_session(case, *, days_ago=3, **said):
    day = timezone.localdate() - dt.timedelta(days=days_ago)
    facts = CounsellingSession(held_on=day, minutes=47, next_on=timezone.localdate() + dt.timedelta(days=5))
    words = {"form": "alone", "complaint": "第一回诉说", "aim": "第一回目标", "course": COURSE, "risk": "high"}
    notes = SessionWords(**{**words, "next_step": STEP, **said})
    return caring.note_session(case, facts, notes, by=case.counsellor)
