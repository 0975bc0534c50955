"""A district of the shipped county with as many children as asked, spread evenly; names and dates from a fixed seed."""

import datetime as dt
import io
import random
from dataclasses import dataclass

from django.core.management import call_command
from django.test import Client

from children.models import Child, Household
from communities.models import Division, Posting, User

SURNAMES, GIVEN = "王李张刘陈杨赵黄周吴徐孙胡朱高林", "明华芳静伟丽强敏杰娟涛艳军雪梅宇浩然欣怡"
REGISTERED = dt.date(2026, 3, 1)
BATCH = 2000


@dataclass
class World:
    worker: User
    officer: User
    federation: User

    def client(self, user):
        client = Client()
        client.force_login(user)
        return client


def fill(children):
    call_command("load_divisions", verbosity=0, stdout=io.StringIO())
    communities = list(Division.objects.filter(level="community").order_by("code"))
    district = communities[0].code[:6]
    communities = [community for community in communities if community.code.startswith(district)]
    chance = random.Random(1)
    for start in range(0, children, BATCH):
        numbers = range(start, min(start + BATCH, children))
        places = [communities[number % len(communities)].code for number in numbers]
        households = Household.objects.bulk_create(
            Household(community_id=place, district=place[:6]) for place in places
        )
        Child.objects.bulk_create(
            child(number, household, chance) for number, household in zip(numbers, households, strict=True)
        )
    return World(
        worker=person("community_worker", communities[0].code),
        officer=person("street_officer", communities[0].code[:9]),
        federation=person("federation_officer", district),
    )


def child(number, household, chance):
    made = Child(
        number=f"{household.community_id}-{number:06}",
        household=household,
        community_id=household.community_id,
        district=household.district,
        name=chance.choice(SURNAMES) + "".join(chance.choices(GIVEN, k=2)),
        sex=chance.choice("MF"),
        birth_date=dt.date(2010, 1, 1) + dt.timedelta(days=chance.randrange(5000)),
        school="实验小学",
        registered_on=REGISTERED,
    )
    made.set_search_columns()
    return made


def person(role, code):
    user = User.objects.create_user(f"bench-{role}", "某某")
    Posting.objects.create(user=user, role=role, division_id=code, starts_on=dt.date(2020, 1, 1))
    return user
