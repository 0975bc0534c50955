"""Apps offer what others show or call: in a module whose name says what for, found here without being named."""

from importlib import import_module

from django.apps import apps
from django.utils.module_loading import module_has_submodule


def import_from_apps(module, *, beside=()):
    """Import `module` of every app that has it, once; `beside` are apps whose module of that name is the mechanism."""
    for config in apps.get_app_configs():
        if config.name not in beside and module_has_submodule(config.module, module):
            import_module(f"{config.name}.{module}")
