"""A left-behind child in the shape of GB/T 31000: what the grid system asks of left-behind persons, from our files.

What we do not hold stays blank, and the legend says so. Codes are those of the standards that GB/T 31000 names.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from children.helping import help_of
from records.privacy import BASIC, CARE, CONTACT, FAMILY, HEALTH, SECRET
from surveys.lines import AT_A_TIME, AT_HOME, line_of

TITLE = "留守人员信息"
NOT_HELD = _("Not held here; stays blank.")
RELATION_CODES = {
    "father": "51",
    "mother": "52",
    "grandparent": "60",
    "grandfather_p": "61",
    "grandmother_p": "62",
    "grandfather_m": "63",
    "grandmother_m": "64",
    "sibling": "70",
    "uncle_aunt": "80",
    "other_relative": "97",
    "non_relative": "99",
}
LEFT_BEHIND_CHILD = "01"
SAME_PLACE, OTHER_PLACE = "01", "02"


def persons(children, day, user):
    """A `Person` for each child; memory holds a few hundred."""
    rows = children.iterator(chunk_size=AT_A_TIME)
    while some := list(islice(rows, AT_A_TIME)):
        with override("zh-hans"):
            helped = help_of(some, user)
        yield from (Person(child, day, helped[child.pk]) for child in some)


class Person:
    """A child with the family member whom the grid system asks for: who cares, else a parent."""

    def __init__(self, child, day, help=()):
        self.child, self.help = child, help
        self.line = line_of(child, day)
        kinships = sorted(child.kinships.all(), key=lambda k: (not k.is_caregiver, k.pk))
        self.member = kinships[0] if kinships else None


@dataclass(frozen=True)
class Field:
    words: str
    meaning: Any
    value: Callable | None = None
    facts: str | None = None
    width: int = 12


def _line(field):
    return lambda person: person.line.get(field)


def _of_member(name):
    return lambda person: getattr(person.member.adult, name) if person.member else ""


def _relation(person):
    return RELATION_CODES.get(person.member.relation, "") if person.member else ""


def _needs(person):
    """What weighs on the child and what it wishes, as far as it is still so."""
    with override("zh-hans"):
        hardships = [h.note or str(h.get_kind_display()) for h in person.child.hardships.all() if h.until is None]
    return "；".join([*hardships, *(wish.text for wish in person.child.wishes.all() if wish.status == "open")])


def _birth(person):
    return person.child.birth_date.strftime("%Y%m%d" if person.child.birth_precision == "day" else "%Y%m")


def _same_place(person):
    county = person.child.registered_county
    return "" if not county else SAME_PLACE if county == person.child.district else OTHER_PLACE


def _work_address(person):
    relation = person.member.relation if person.member else ""
    place = person.line.get(f"{relation}_workplace") if relation in ("father", "mother") else ""
    return "" if place == AT_HOME else place


FIELDS = (
    Field("公民身份号码", _("The child's ID number."), _line("id_number"), SECRET, 21),
    Field("姓名", _("The child's name."), _line("child_name"), BASIC),
    Field("曾用名", _("Pet or former name."), _line("former_name"), BASIC),
    Field("性别", _("1 male, 2 female (GB/T 2261.1)."), lambda p: "1" if p.child.sex == "M" else "2", BASIC, 6),
    Field("出生日期", _("Eight digits; six where the day is not known."), _birth, BASIC),
    Field("民族", _("Code of the ethnic group (GB/T 3304)."), lambda p: p.child.ethnicity, BASIC, 6),
    Field("籍贯", NOT_HELD),
    Field("婚姻状况", NOT_HELD),
    Field("政治面貌", NOT_HELD),
    Field("学历", NOT_HELD),
    Field("宗教信仰", NOT_HELD),
    Field("职业类别", NOT_HELD),
    Field("职业", NOT_HELD),
    Field("服务处所", _("The school."), _line("school"), BASIC, 18),
    Field("联系方式", _("The phone of who cares for the child."), _line("guardian_phone"), CONTACT, 14),
    Field("户籍地", _("County of registration (GB/T 2260)."), lambda p: p.child.registered_county, CONTACT),
    Field("户籍门（楼）详址", _("Registered address."), _line("hukou_address"), CONTACT, 26),
    Field("现住地", _("County of the present address (GB/T 2260)."), lambda p: p.child.district, CONTACT),
    Field("现住门（楼）详址", _("Present address."), _line("current_address"), CONTACT, 26),
    Field("健康状况", _("Health in words."), _line("health"), HEALTH),
    Field("个人年收入", NOT_HELD),
    Field("人户一致标识", _("01 lives where registered, 02 elsewhere; blank: not known."), _same_place, CONTACT),
    Field("留守人员类型", _("01 left-behind child."), lambda p: LEFT_BEHIND_CHILD, FAMILY),
    Field(
        "家庭主要成员公民身份号码", _("ID number of who cares, or of a parent."), _of_member("id_number"), SECRET, 21
    ),
    Field("家庭主要成员姓名", _("Name of that person."), _of_member("name"), FAMILY),
    Field("家庭主要成员健康状况", NOT_HELD),
    Field("与留守人员关系", _("What that person is to the child (GB/T 4761)."), _relation, FAMILY, 8),
    Field("家庭主要成员联系方式", _("Phone of that person."), _of_member("phone"), CONTACT, 14),
    Field("家庭主要成员工作详细地址", _("Place of work of a parent who is away."), _work_address, FAMILY, 18),
    Field("家庭年收入", NOT_HELD),
    Field("困难及诉求", _("Hardship and wish on file."), _needs, CARE, 20),
    Field(
        "帮扶情况",
        _("Aid of the household, who accompanies the child, support paid in the last twelve months."),
        lambda person: "；".join(person.help),
        CARE,
        26,
    ),
)  # fmt: skip
