"""The three schemes behind this product, each as the year it asks for."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from activities.models import Activity
from activities.year import AUTUMN, SPRING, BeforeSpringFestival, InSummer, InTerm, InWinter, OnDay

Kind, Theme = Activity.Kind, Activity.Theme


@dataclass(frozen=True)
class Asked:
    """An action a scheme asks for: in which part of it, what, of which kind, when in the year, on which theme."""

    part: Any
    title: Any
    kind: str
    when: Any
    theme: str = ""


@dataclass(frozen=True)
class Template:
    title: Any
    purpose: Any
    steps: Any
    organisers: Any
    actions: list


_BEGIN, _TOPICS, _TOGETHER = _("Getting to know each other"), _("Tutoring in five topics"), _("Learning together")
_SUPPORT, _RIGHTS = _("Support action"), _("Rights-protection action")
_CARE, _PUBLICITY = _("Caring action"), _("Publicity action")
_HOME, _FAMILIES, _LOVE = _("Life at the Home"), _("Parents and caregivers"), _("Care and support")

TEMPLATES: dict[str, Template] = {
    "big_hands": Template(
        _("Big Hands Small Hands"),
        _(
            "Young officials, volunteers and students go with left-behind children one to one, for long: "
            "in study, in life and in spirit."
        ),
        _(
            "1. Recruit helpers and pair them with children; each pair signs a pairing card.\n"
            "2. Tutor in five topics: study, psychology, law, safety, self-protection.\n"
            "3. Look back together at the end of the year."
        ),
        _("Community, primary school, volunteer service team"),
        [
            Asked(_BEGIN, _("Helpers and children meet"), Kind.OTHER, InTerm(SPRING, 2, weekend=True)),
            Asked(_TOPICS, _("Study: homework tutoring"), Kind.TUTORING, InTerm(SPRING, 4, weekend=True)),
            Asked(_TOPICS, _("Psychology: I and my friends"), Kind.COUNSELLING, InTerm(SPRING, 7)),
            Asked(_TOPICS, _("Law: my rights"), Kind.LAW, InTerm(SPRING, 10)),
            Asked(_TOPICS, _("Safety: traffic, fire and water"), Kind.SAFETY, InTerm(SPRING, 13)),
            Asked(_TOPICS, _("Self-protection before the summer"), Kind.SAFETY, InTerm(SPRING, 17)),
            Asked(_TOGETHER, _("Hand-in-hand learning"), Kind.MUTUAL, InTerm(AUTUMN, 4, weekend=True)),
            Asked(_TOPICS, _("Study: tutoring in the autumn term"), Kind.TUTORING, InTerm(AUTUMN, 6, weekend=True)),
            Asked(_TOGETHER, _("Helpers share what worked"), Kind.EXCHANGE, OnDay(12, 10)),
        ],
    ),
    "blue_sky": Template(
        _("Sharing the Blue Sky"),
        _("Every left-behind and migrant child grows up safe, cared for and with equal rights, through four actions."),
        _(
            "1. Survey every child and keep a file for each.\n"
            "2. Carry out the four actions: support, rights protection, care, publicity.\n"
            "3. Study the work in the leading group; publish and commend good examples."
        ),
        _("Leading group for caring; schools, health station, women's federation"),
        [
            Asked(_SUPPORT, _("Donation drive before the school year"), Kind.DONATION, InSummer(3)),
            Asked(_SUPPORT, _("Health talk and check"), Kind.HEALTH, InTerm(AUTUMN, 8)),
            Asked(_RIGHTS, _("Law class in the winter holidays"), Kind.LAW, InWinter()),
            Asked(_RIGHTS, _("Law class at a weekend of spring"), Kind.LAW, InTerm(SPRING, 6, weekend=True)),
            Asked(_RIGHTS, _("Safety class in the summer holidays"), Kind.SAFETY, InSummer(1)),
            Asked(_RIGHTS, _("Safety class at a weekend of autumn"), Kind.SAFETY, InTerm(AUTUMN, 6, weekend=True)),
            Asked(_RIGHTS, _("Counselling talk by a child psychologist"), Kind.COUNSELLING, InTerm(SPRING, 8)),
            Asked(_CARE, _("Love Paradise clubs of spring begin"), Kind.CLUB, InTerm(SPRING, 3, weekend=True)),
            Asked(_CARE, _("Love Paradise clubs of autumn begin"), Kind.CLUB, InTerm(AUTUMN, 3, weekend=True)),
            Asked(_CARE, _("Summer course: music, computer newsletter"), Kind.SUMMER, InSummer(2)),
            Asked(_CARE, _("Love school tutoring begins"), Kind.TUTORING, InTerm(AUTUMN, 2, weekend=True)),
            Asked(_CARE, _("Children's groups learn hand in hand"), Kind.MUTUAL, InTerm(SPRING, 10, weekend=True)),
            Asked(_CARE, _("Family day at Spring Festival"), Kind.FAMILY_DAY, BeforeSpringFestival(7)),
            Asked(_PUBLICITY, _("Children's rights made known"), Kind.PUBLICITY, OnDay(5, 25)),
            Asked(_PUBLICITY, _("Parent school: moral education"), Kind.PARENT_SCHOOL, InTerm(SPRING, 4), Theme.MORAL),
            Asked(_PUBLICITY, _("Parent school: care and love"), Kind.PARENT_SCHOOL, InTerm(SPRING, 13), Theme.CARE),
            Asked(_PUBLICITY, _("Parent school: good habits"), Kind.PARENT_SCHOOL, InTerm(AUTUMN, 5), Theme.HABITS),
            Asked(_PUBLICITY, _("Good examples are shared"), Kind.EXCHANGE, OnDay(12, 5)),
        ],
    ),
    "childrens_home": Template(
        _("A year of the Children's Home"),
        _("The Home is a warm and safe place after school, where children learn, play, call home and are listened to."),
        _(
            "1. Register door to door; report the roster by 22 April.\n"
            "2. Keep the Home open; helpers, loving mothers and acting parents do the five ones each term.\n"
            "3. Train parents and caregivers; report each quarter; check the Home before the yearly inspection."
        ),
        _("Leading group for building the Home; volunteer team"),
        [
            Asked(_HOME, _("Safety at the Home and on the way"), Kind.SAFETY, InTerm(SPRING, 2)),
            Asked(_HOME, _("Love Paradise club at the Home, spring"), Kind.CLUB, InTerm(SPRING, 4, weekend=True)),
            Asked(_HOME, _("Children's Day at the Home"), Kind.FAMILY_DAY, OnDay(6, 1)),
            Asked(_HOME, _("Summer course at the Home"), Kind.SUMMER, InSummer(1)),
            Asked(_HOME, _("Love Paradise club at the Home, autumn"), Kind.CLUB, InTerm(AUTUMN, 4, weekend=True)),
            Asked(_LOVE, _("Counselling by professionals, spring"), Kind.COUNSELLING, InTerm(SPRING, 9)),
            Asked(_LOVE, _("Counselling by professionals, autumn"), Kind.COUNSELLING, InTerm(AUTUMN, 9)),
            Asked(_LOVE, _("Donation drive for study and living costs"), Kind.DONATION, InSummer(3)),
            Asked(_FAMILIES, _("Family education"), Kind.PARENT_SCHOOL, InTerm(SPRING, 6), Theme.OTHER),
            Asked(_FAMILIES, _("Guardians' rights and duties"), Kind.PARENT_SCHOOL, InTerm(AUTUMN, 6), Theme.GUARDIANS),
            Asked(_FAMILIES, _("Children's rights"), Kind.PARENT_SCHOOL, OnDay(11, 20), Theme.CHILDREN),
            Asked(_FAMILIES, _("Families together at Spring Festival"), Kind.FAMILY_DAY, BeforeSpringFestival(7)),
        ],
    ),
}
