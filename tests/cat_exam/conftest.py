"""Property tests keep no time: other work on the machine must not fail them."""

from hypothesis import HealthCheck, settings

from tests.cat_exam.boards import feed, shown  # noqa: F401

settings.register_profile("calm", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("calm")
