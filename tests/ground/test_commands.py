import re

import pytest
from django.core.management import CommandError, call_command

from communities.models import User

pytestmark = pytest.mark.django_db


def test_an_administrator_gets_a_link_to_set_a_password(district, client, capsys):
    call_command("add_administrator", "keeper", "Keeper", "--division", district.code)
    link = re.search(r"/password/link/\S+/", capsys.readouterr().out)[0]
    user = User.objects.get(username="keeper")
    assert not user.has_usable_password()
    assert set(user.roles) == {"administrator"}
    assert client.get(link).headers["Location"].endswith("/set-password/")


def test_a_name_in_use_is_refused(district):
    call_command("add_administrator", "keeper", "Keeper", "--division", district.code)
    with pytest.raises(CommandError, match="keeper"):
        call_command("add_administrator", "keeper", "Another", "--division", district.code)


def test_a_division_must_be_there_first(db):
    with pytest.raises(CommandError, match="load_divisions"):
        call_command("add_administrator", "keeper", "Keeper", "--division", "999999")
