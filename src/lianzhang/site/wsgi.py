"""The web process."""

import os

from django.core.wsgi import get_wsgi_application
from django.db import connections

from lianzhang.kernel import collector
from lianzhang.site.environment import FOR_MANY, ONE_EACH
from lianzhang.site.operations import running

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lianzhang.site.settings")
application = get_wsgi_application()
running.hold()

options = connections.settings["default"]["OPTIONS"]
if "init_command" in options:
    options["init_command"] += FOR_MANY
else:
    options["options"] = f"{options.get('options', '')} {ONE_EACH}".strip()

collector.seldom()
