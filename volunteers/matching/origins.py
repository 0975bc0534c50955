"""Languages that a family is likely to speak at home, by where it is registered and by its ethnic group."""

from volunteers.kinds import Language

BY_PROVINCE = {
    "14": Language.JIN,
    **dict.fromkeys(["21", "22", "23"], Language.NORTHEASTERN),
    "41": Language.HENAN,
    "37": Language.SHANDONG,
    "61": Language.SHAANXI,
    **dict.fromkeys(["50", "51"], Language.SICHUAN),
    "43": Language.HUNAN,
    **dict.fromkeys(["31", "33"], Language.WU),
    "35": Language.MIN,
    "44": Language.CANTONESE,
}
BY_ETHNIC_GROUP = {
    "MG": Language.MONGOLIAN,
    "UG": Language.UYGHUR,
    "ZA": Language.TIBETAN,
    "ZH": Language.ZHUANG,
    "YI": Language.YI,
}


def languages_of(child):
    likely = [BY_PROVINCE.get(child.registered_county[:2]), BY_ETHNIC_GROUP.get(child.ethnicity)]
    return frozenset(str(language) for language in likely if language)
