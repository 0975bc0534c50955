"""What a supervision visit looks at, from the three schemes. A point keeps its key for good; words may be mended."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Point:
    key: str
    label: Any
    asks: Any  # what the schemes ask for, in a sentence
    source: str  # where they ask it


POINTS = [
    Point("roster", _("Registration and roster"), _("Every family visited, the roster handed in on its day."), "S3-1"),
    Point("files", _("One file per child"), _("Complete files, kept up to date."), "S2-1, S3-7"),
    Point("letters", _("Guardianship letters"), _("A signed letter in force for every left-behind child."), "S2-4"),
    Point("cards", _("Contact and phone cards"), _("Cards handed over, with the facts of today."), "S2-5"),
    Point("pairing", _("Pairing"), _("Every child paired who needs it, with a signed pairing card."), "S1-2, S1-3"),
    Point("five_ones", _("The five ones"), _("Visit, talk, teacher, guardian and letter each term."), "S3-6"),
    Point("helpers", _("Vetting of helpers"), _("A record check in force for everyone near children."), "S1-4, S3-6"),
    Point(
        "home", _("The Children's Home"), _("Room, books, desks, phone, emergency supplies; open as posted."), "S3-3"
    ),
    Point("rules", _("Rules of the Home"), _("Study, activity and management rules posted and kept."), "S3-5"),
    Point("activities", _("Clubs and courses"), _("Love Paradise, summer courses and tutoring held."), "S2-6, S2-7"),
    Point("parents", _("Parent school"), _("Training of parents and caregivers by theme."), "S2-3, S3-10"),
    Point("law", _("Law and safety classes"), _("In winter and summer holidays and at weekends."), "S2-4"),
    Point("counselling", _("Counselling"), _("A professional comes; referrals are followed up."), "S2-4, S3-8"),
    Point("support", _("Gifts and support"), _("Donations booked and handed out; applications made."), "S2-11, S3-9"),
    Point("group", _("Leading group"), _("Meets, decides, keeps its office duty."), "S2-2, S2-12"),
    Point("duties", _("Named responsibilities"), _("Somebody answers for each of the six."), "S2-13"),
    Point("examples", _("Publicity and good examples"), _("Good examples shown, with consent."), "S2-14"),
    Point("reports", _("Quarterly reports"), _("Handed in on time, with figures that hold."), "S3-11"),
    Point("concerns", _("Duty to report"), _("Staff and helpers know what to do, and do it at once."), "S3-13"),
]
BY_KEY = {point.key: point for point in POINTS}
CHOICES = [(point.key, point.label) for point in POINTS]


def in_order(keys):
    """The points with these keys in the order of the list; keys of points that are gone are left out."""
    return [point for point in POINTS if point.key in set(keys)]
