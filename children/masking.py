"""The one way in which a child is named outside the community: the family name and two stars."""

from children.names import family_name

STARS = "**"


def masked_name(name):
    """ "陈小雨" → "陈**"; how long the name is does not show either."""
    return f"{family_name(name.strip())}{STARS}"


def names_told_in(text, child):
    """Whether `text` tells who the child is: a name, given name, school, address, file number, a parent's
    name or a brother's or sister's."""
    adults = [kin.adult.name for kin in child.kinships.select_related("adult")]
    siblings = type(child).objects.filter(household=child.household_id).values_list("name", flat=True)
    words = [child.former_name, child.school, child.class_teacher, child.number, child.household.address, *adults]
    for name in {child.name, *siblings}:
        given = name.removeprefix(family_name(name))
        words += [name, given] if len(given) > 1 else [name]
    packed = "".join(text.split()).lower()
    return any(len(word) > 1 and "".join(word.split()).lower() in packed for word in words if word)
