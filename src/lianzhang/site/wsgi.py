"""The web process."""

import os

from django.core.wsgi import get_wsgi_application

from lianzhang.site.operations import running

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lianzhang.site.settings")
application = get_wsgi_application()
running.hold()
