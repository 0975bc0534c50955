"""Who signs in to the demo, and who else works in it. All invented."""

from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import get_language

from communities.roles import ROLES

PASSWORD = "small-hands-demo"


@dataclass(frozen=True)
class Person:
    username: str
    name: str
    role: str
    division: str
    place_en: str
    place_zh: str

    @property
    def place(self):
        return self.place_zh if (get_language() or "").startswith("zh") else self.place_en


DIRECTOR = Person("director", "王敏(示例)", "community_worker", "150902001001", "Enhe Road Community", "恩和路社区")
SUPERVISOR = Person("supervisor", "李国华(示例)", "street_officer", "150902001", "Xinti Road", "新体路街道")
FEDERATION = Person("federation", "张玉兰(示例)", "federation_officer", "150902", "Jining District", "集宁区")
VOLUNTEER = Person("volunteer", "赵春梅(示例)", "volunteer", "150902001001", "Enhe Road Community", "恩和路社区")
COUNSELLOR = Person("counsellor", "陈思远(示例)", "counsellor", "150902", "Jining District", "集宁区")
ADMINISTRATOR = Person("administrator", "刘建军(示例)", "administrator", "150902", "Jining District", "集宁区")
SECOND_COUNSELLOR = Person("counsellor.gao", "高静(示例)", "counsellor", "150902", "Jining District", "集宁区")
SIGN_INS = [DIRECTOR, SUPERVISOR, FEDERATION, VOLUNTEER, COUNSELLOR, ADMINISTRATOR]

# Colleagues elsewhere, so that every community has somebody who acts; they have no password.
COLLEAGUES = [
    Person("worker.stadium", "孙丽(示例)", "community_worker", "150902001002", "Stadium Community", "体育场社区"),
    Person("worker.longwan", "周婷(示例)", "community_worker", "150902002001", "Longwan Community", "龙湾社区"),
    Person(
        "worker.dongminjian", "吴强(示例)", "community_worker", "150902002002", "Dongminjian Community", "东民建社区"
    ),
    Person("officer.qiaodong", "郑海燕(示例)", "street_officer", "150902002", "Qiaodong", "桥东街道"),
    SECOND_COUNSELLOR,
]


def on_the_sign_in_page(request):
    """What the sign-in page lists in demo mode, and only there."""
    match = getattr(request, "resolver_match", None)
    if not settings.DEMO or match is None or match.view_name != "account_login":
        return {}
    listed = [{"name": p.name, "role": ROLES[p.role].title, "place": p.place, "username": p.username} for p in SIGN_INS]
    return {"demo_people": listed, "demo_password": PASSWORD}
