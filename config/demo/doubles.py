"""One child written down twice in a community, and two children whom another community registered as well."""

from children.duplicates import ask_about
from children.intake import register_household
from children.models import Child, Household

SOUNDS_THE_SAME = dict(zip("雨宇思轩浩志嘉家晓欣涵琪雅明博", "羽雨斯宣皓智佳加筱新函其亚名柏", strict=True))


def register_twice(home, others):
    """`home` and the `others` are (community, worker); the twin files lie in `home` and in each of the others."""
    children = Child.objects.filter(community=home[0], left_on=None).exclude(id_number_hash=None).order_by("pk")
    misheard = next(child for child in children if _misheard(child.name) != child.name)
    _again(misheard, *home, name=_misheard(misheard.name))
    rest = children.exclude(pk=misheard.pk).exclude(name__contains="·")
    for child, (community, worker) in zip(rest[5:], others, strict=False):
        _again(child, community, worker, name=f"{child.name[0]}小{child.name[-1]}宝", id_number=child.id_number)


def _misheard(name):
    return "".join(SOUNDS_THE_SAME.get(character, character) for character in name)


def _again(child, community, worker, **facts):
    double = Child(sex=child.sex, birth_date=child.birth_date, registered_on=child.registered_on, **facts)
    register_household(Household(), [double], [], community=community, by=worker)
    ask_about([double.pk], by=worker)
