"""The web process."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.db import connections

from lianzhang.site.environment import FOR_MANY
from lianzhang.site.operations import running

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lianzhang.site.settings")
application = get_wsgi_application()
running.hold()

options = connections.settings["default"]["OPTIONS"]
if "init_command" in options:
    options["init_command"] += FOR_MANY

# What is loaded now stays: the collector need not look through it again. A page makes thousands of objects that go with
# it, so that the usual 700 between two looks would be dozens of looks a page (an eighth of its time).
gc.collect()
gc.freeze()
gc.set_threshold(50_000, 5, 5)
