"""What a community published in the last months, a good example among it."""

from activities.models import PublicityItem
from children.models import Child
from config.demo.days import days

Channel = PublicityItem.Channel
ITEMS = [
    ("未成年人保护法宣传栏", Channel.POSTER, 70, "社区宣传栏", 300, "父母外出应委托成年人照护孩子，每周联系。"),
    ("家庭教育知识折页", Channel.LEAFLET, 41, "入户发放", 120, "陪伴比礼物更重要；每天和孩子说十分钟话。"),
    ("关爱留守儿童一条街宣传", Channel.STALL, 16, "居民小广场", 85, "发放亲情卡，解答监护人的问题。"),
]  # fmt: skip


def post(community, *, today, by):
    for title, channel, ago, place, reach, text in ITEMS:
        facts = {"place": place, "reach": reach, "text": text, "made_on": today - days(ago)}
        PublicityItem(community=community, title=title, channel=channel, **facts).publish(by=by)
    agreed = Child.objects.filter(community=community, left_on=None, consents__purpose="publicity")
    if child := agreed.filter(consents__withdrawn_on=None).order_by("pk").first():
        facts = {"place": "社区公众号", "reach": 210, "text": "坚持读书，帮助同学，是小伙伴们的榜样。"}
        item = PublicityItem(community=community, title="读书小标兵", channel=Channel.WECHAT, example_of=child, **facts)
        item.made_on = today - days(9)
        item.publish(by=by)
