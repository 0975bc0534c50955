from django.core.management.commands import makemessages


class Command(makemessages.Command):
    """Where `_` is the lazy one, `_now` is gettext at once: its words are collected too."""

    xgettext_options = [*makemessages.Command.xgettext_options, "--keyword=_now"]
