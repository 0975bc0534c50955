"""What a helper is asked about a contact, by its kind: ticks and a few words, all of them optional."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from volunteers.kinds import DutyKind

LONGEST = 500
FOLLOW_UP = "follow_up"


@dataclass(frozen=True)
class Question:
    """`kinds`: the contacts it belongs to; none means every contact."""

    key: str
    label: Any
    kinds: tuple[str, ...]
    options: dict[str, Any]


QUESTIONS = [
    Question(
        "home",
        _("What was it like at home?"),
        (DutyKind.VISIT,),
        {
            "tidy": _("clean and tidy"),
            "place": _("a place to do homework"),
            "food": _("regular meals"),
            "cold": _("cold, damp or too small"),
            "unsafe": _("unsafe: electricity, fire, water, traffic"),
            "ill": _("somebody is ill"),
            "alone": _("the child is alone for long"),
            "poor": _("something needed is missing"),
        },
    ),
    Question(
        "mood",
        _("How is the child feeling?"),
        (DutyKind.TALK,),
        {
            "cheerful": _("cheerful"),
            "calm": _("calm"),
            "silent": _("says little"),
            "sad": _("sad"),
            "anxious": _("anxious"),
            "angry": _("quarrels easily"),
            "parents": _("misses the parents"),
            "friends": _("has friends"),
        },
    ),
    Question(
        "schooling",
        _("How is it going at school?"),
        (DutyKind.TEACHER,),
        {
            "attends": _("comes every day"),
            "absent": _("is often absent"),
            "works": _("does the homework"),
            "unfinished": _("homework is missing"),
            "better": _("doing better"),
            "worse": _("doing worse"),
            "liked": _("gets on with others"),
            "bullied": _("is teased or bullied"),
        },
    ),
    Question(
        "view",
        _("How does the guardian see it?"),
        (DutyKind.GUARDIAN,),
        {
            "content": _("content"),
            "calls": _("the parents call every week"),
            "seldom": _("the parents seldom call"),
            "behaviour": _("worried about behaviour"),
            "studies": _("worried about studies"),
            "health": _("worried about health"),
            "money": _("money is short"),
            "tired": _("finds it hard to cope"),
        },
    ),
    Question(
        FOLLOW_UP,
        _("Should the office do something?"),
        (),
        {
            "visit": _("come and look"),
            "call": _("talk with the family"),
            "school": _("talk with the school"),
            "doctor": _("help with health"),
            "counsellor": _("ask a counsellor"),
            "support": _("apply for support"),
            "other": _("something else"),
        },
    ),
]


def cleaned(answers):
    """What of `answers` is known and not empty: {question: {"ticks": […], "words": "…"}}."""
    kept = {}
    for question in QUESTIONS:
        given = (answers or {}).get(question.key, {})
        ticks = [tick for tick in question.options if tick in given.get("ticks", ())]
        answer = {"ticks": ticks, "words": given.get("words", "")[:LONGEST]}
        if any(answer.values()):
            kept[question.key] = {name: value for name, value in answer.items() if value}
    return kept


def in_words(answers):
    """[(question, ["tick", …], words)] for reading."""
    return [
        (
            question.label,
            [question.options[t] for t in given.get("ticks", ()) if t in question.options],
            given.get("words", ""),
        )
        for question in QUESTIONS
        if (given := answers.get(question.key))
    ]
