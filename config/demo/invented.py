"""Invented names, numbers and addresses: never used twice, and no number that could be a real person's.

Resident ID numbers carry the sequence codes 996 to 999, phones the prefixes 161 and 154, which are given to nobody.
"""

import random

from communities.identity import check_character


def _in_twos(letters):
    return [letters[i : i + 2] for i in range(0, len(letters), 2)]


SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹"
    "袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎潘杜戴夏钟汪田任姜范"
)
BOYS = _in_twos("子轩浩然宇航俊杰嘉豪志远天佑家乐一鸣泽阳晨光思齐景行安康文博明哲子墨鹏飞博文铭泽昊天书恒允诚立夏")
GIRLS = _in_twos("雨欣思涵诗琪梦瑶雅静佳怡晓彤语嫣若曦可欣紫萱春燕小雪冬梅秋月丹青欣然静怡乐瑶心悦雨桐嘉宁书瑶安然")
MEN = _in_twos("建国志强永军海峰卫东长林宝山德胜金龙福来玉柱占元振华国庆文斌立新守信广田茂林树生")
WOMEN = _in_twos("秀英桂兰玉珍凤霞淑芬翠花春兰金花月娥素琴巧云爱莲美玲玉梅桂香秀芳淑珍玉芬冬莲彩霞")
MONGOL = {
    "M": ["阿古拉·巴特尔", "宝音·德力格尔", "那木罕·吉雅", "苏和·巴雅尔"],
    "F": ["萨仁·高娃", "乌云·其其格", "娜仁·托雅", "苏日娜·其木格"],
}
PLACES_OF_WORK = [
    *["北京市", "天津市", "河北省石家庄市", "河北省张家口市", "山西省大同市", "山西省太原市", "辽宁省沈阳市"],
    *["江苏省苏州市", "江苏省无锡市", "浙江省宁波市", "浙江省义乌市", "广东省东莞市", "广东省佛山市", "陕西省榆林市"],
    *["内蒙古呼和浩特市", "内蒙古包头市", "内蒙古鄂尔多斯市"],
]
COUNTIES_OF_ORIGIN = ["150921", "150924", "150927", "140212", "130726", "150123"]
SEQUENCES = {"M": (997, 999), "F": (996, 998)}


class Invented:
    """The same story on the same day: everything random comes from one seed."""

    def __init__(self):
        self.chance = random.Random(20120115)
        self.mongol = {sex: list(names) for sex, names in MONGOL.items()}
        self._used: set[str] = set()

    def _new(self, make):
        for _attempt in range(10_000):
            if (value := make()) not in self._used:
                self._used.add(value)
                return value
        raise RuntimeError("There is nothing left to invent.")

    def surname(self):
        return self.chance.choice(SURNAMES)

    def child_name(self, surname, sex):
        return self._new(lambda: surname + self.chance.choice(BOYS if sex == "M" else GIRLS))

    def mongol_name(self, sex):
        """As written with a dot between its parts; None when all have been given."""
        return self.mongol[sex].pop() if self.mongol[sex] else None

    def adult_name(self, sex, surname=None):
        given = MEN if sex == "M" else WOMEN
        return self._new(lambda: (surname or self.surname()) + self.chance.choice(given))

    def phone(self):
        return self._new(lambda: self.chance.choice(("161", "154")) + f"{self.chance.randrange(10**8):08}")

    def id_number(self, area, birth_date, sex):
        """None is left for a third child of the same sex, day and county: then the file goes without."""
        for sequence in SEQUENCES[sex]:
            digits = f"{area}{birth_date:%Y%m%d}{sequence}"
            number = digits + check_character(digits)
            if number not in self._used:
                self._used.add(number)
                return number
        return ""

    def day(self, first, last):
        """A day from `first` to `last`; `last` where they do not follow each other."""
        return last if first >= last else first + (last - first) * self.chance.random()

    def some(self, choices, most):
        return self.chance.sample(list(choices), self.chance.randint(0, most))
