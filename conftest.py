"""What every test may rely on. The database is a throw-away server, started by `config.embedded`."""

import os
import shutil

import pytest
from hypothesis import HealthCheck, settings

# A busy machine is no fault of the code: properties are never timed.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")

BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session")
def chromium():
    """Path of the machine's browser. Where CI is set, browser tests run or fail; they are never skipped."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None and os.environ.get("CI"):
        pytest.fail("CI is set and there is no Chromium: install it (.ci/run does).")
    if found is None:
        pytest.skip("no Chromium on this machine")
    return found
