"""Django configuration of the roof."""

from django.apps import AppConfig
from django.contrib.staticfiles.apps import StaticFilesConfig


class DeployConfig(AppConfig):
    """Knows every room; no room knows it."""

    name = "deploy"
    verbose_name = "Deploy"
    default = True


class RoofStaticFiles(StaticFilesConfig):
    """Static files, without htmx's optional extensions: they name a file that their package does not ship."""

    ignore_patterns = [*StaticFilesConfig.ignore_patterns, "hx-*.js"]
