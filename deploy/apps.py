"""Django configuration of the roof."""

from django.apps import AppConfig


class DeployConfig(AppConfig):
    """Knows every room; no room knows it."""

    name = "deploy"
    verbose_name = "Deploy"
