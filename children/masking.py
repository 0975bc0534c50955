"""The one way in which a child is named outside the community: the family name and two stars."""

from children.names import family_name

STARS = "**"


def masked_name(name):
    """ "陈小雨" → "陈**"; how long the name is does not show either."""
    return f"{family_name(name.strip())}{STARS}"


def names_told_in(text, child):
    """Whether `text` tells who the child is: a name, given name, school, file number or a parent's name."""
    adults = [kin.adult.name for kin in child.kinships.select_related("adult")]
    given = child.name.removeprefix(family_name(child.name))
    words = [child.name, child.former_name, child.school, child.class_teacher, child.number, *adults]
    words += [given] if len(given) > 1 else []
    packed = "".join(text.split()).lower()
    return any(len(word) > 1 and "".join(word.split()).lower() in packed for word in words if word)
