"""The short training every helper repeats each year: five things to read, and a quiz of eight questions about them."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

RIGHT_AT_LEAST = 7  # of eight

LESSONS = [
    (
        _("Seeing a child at risk"),
        _(
            "Bruises that nobody explains, hunger, clothes that never change, fear of going home, sudden silence: you "
            "need no proof. Whoever works with children must report a suspicion at once. Call first, write later."
        ),
    ),
    (
        _("What stays with you"),
        _(
            "What you learn of a family you tell nobody but the child staff. No names and no pictures in chat groups. "
            "A photo needs the guardian's consent, every time it leaves your phone."
        ),
    ),
    (
        _("Close, but safe"),
        _(
            "Meet where others can see you: doors open, at home only when the guardian knows. No sleeping over, no "
            "secrets, no gifts of money, no lending. Do not promise what you cannot keep."
        ),
    ),
    (
        _("Talking with a child"),
        _(
            "Listen more than you ask. Do not speak badly of the parents. When a child confides something serious, do "
            "not promise to keep it secret: say that you will get help, and do so the same day."
        ),
    ),
    (
        _("Keeping the promise"),
        _(
            "A child counts the days. Come when you said you would, write when you cannot, and tell the office in time "
            "when you have to stop, so that the child can say goodbye and somebody else can take over."
        ),
    ),
]


@dataclass(frozen=True)
class Question:
    words: Any
    answers: tuple
    right: int


QUIZ = [
    Question(
        _("You see bruises and the child says it fell. You are not sure. What do you do?"),
        (_("Wait until I am sure"), _("Call at once"), _("Ask the neighbours")),
        1,
    ),
    Question(
        _("Who may hear what you learned about the family?"),
        (_("Other helpers in the chat group"), _("Nobody at all"), _("The child staff of the community and street")),
        2,
    ),
    Question(
        _("You took a good picture of the child at the Home. May you post it?"),
        (_("Yes, if the face is small"), _("Only with the guardian's consent"), _("Yes, among friends")),
        1,
    ),
    Question(
        _("The child asks you to keep a serious secret. What do you say?"),
        (_("That I will get help"), _("That I will tell nobody"), _("That we do not talk of such things")),
        0,
    ),
    Question(
        _("The grandmother asks you to lend her 500 yuan. What do you do?"),
        (_("Lend it once"), _("Tell the office that the family is short of money"), _("Ask other helpers to collect")),
        1,
    ),
    Question(
        _("Where do you meet the child?"),
        (_("Where others can see us"), _("At my home, alone"), _("Anywhere, as we know each other")),
        0,
    ),
    Question(
        _("The child is angry that its parents do not call. What helps?"),
        (_("Saying that they are bad parents"), _("Listening"), _("Changing the subject")),
        1,
    ),
    Question(
        _("You move to another city next month. What do you do?"),
        (_("Tell the office now and say goodbye to the child"), _("Stop coming"), _("Send a message later")),
        0,
    ),
]


def right_answers(given):
    """How many of the answers, one number a question, are right."""
    return sum(answer == question.right for answer, question in zip(given, QUIZ, strict=True))


def is_passed(score):
    return score >= RIGHT_AT_LEAST
