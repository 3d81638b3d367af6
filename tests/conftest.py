"""Fixtures every test may use: databases by role, keyrings by process, a live server, a browser.

Tests run as ``cat_web``, never as owner. ``db`` gives a transaction that is rolled back; ``committed_db`` a
database of the test's own for real commits and threads; ``live`` a whole running installation with a
database of the module's own. Which servers to use is told by the runner: ``python -m deploy.launcher test``.
"""

import os

import pytest


def pytest_addoption(parser: pytest.Parser, pluginmanager: pytest.PytestPluginManager) -> None:
    """Pure tests may leave pytest-django out (``-p no:django``); its setting is then still a known one."""
    if not pluginmanager.hasplugin("django"):
        parser.addini("DJANGO_SETTINGS_MODULE", "unused without pytest-django")


HARNESS = "CAT_TEST_HARNESS"  # set by the runner; pure tests run without it

if HARNESS in os.environ:
    pytest_plugins = [
        "tests.fixtures.databases",
        "tests.fixtures.sites",
        "tests.fixtures.whole",  # before those that import from it
        "tests.fixtures.browsers",
        "tests.fixtures.order",
        "tests.people",
        "tests.world",
    ]
else:

    @pytest.fixture(scope="session", name="harness")
    def _no_servers() -> None:
        """Fails at once, with the line to type, when the runner's servers are not there."""
        pytest.fail("this test needs servers; type: python -m deploy.launcher test -- …", pytrace=False)

    @pytest.fixture(scope="session")
    def django_db_setup(harness: None) -> None:
        """A database test without servers fails with the same line."""
