"""Settings of the test run: a data directory of its own, the made-up city, quick hashing."""

import os
import tempfile

os.environ["LIANZHANG_HOME"] = tempfile.mkdtemp(prefix="lianzhang-test-")
os.environ["LIANZHANG_CITY"] = "example"
os.environ["LIANZHANG_SECRET"] = "only-for-tests"

from lianzhang.site.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
(STATIC_ROOT).mkdir(exist_ok=True)  # noqa: F405
POLICY_SECONDS = 0  # a test's policy is the test's own
