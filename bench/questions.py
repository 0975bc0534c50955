"""What people ask of the product most. A question's docstring is its name in the table."""

from children.models import Child


def first_page_of_a_community(world):
    """a community's register, first 100"""
    return list(Child.objects.visible_to(world.worker).order_by("name_pinyin", "pk")[:100])


def first_page_of_a_street(world):
    """a street's register, first 100"""
    return list(Child.objects.visible_to(world.officer).order_by("name_pinyin", "pk")[:100])


def one_by_number(world):
    """one child by key, in scope"""
    return Child.objects.visible_to(world.officer).filter(pk=Child.objects.visible_to(world.officer).first().pk).get()


def start_page(world):
    """the worker's start page"""
    answer = world.client(world.worker).get("/", follow=True)
    assert answer.status_code == 200, answer.status_code
    return answer


ALL = [first_page_of_a_community, first_page_of_a_street, one_by_number, start_page]
