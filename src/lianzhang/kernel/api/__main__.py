"""`python -m lianzhang.kernel.api > docs/reference/openapi.json` writes the description of the API anew."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Print the OpenAPI description."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lianzhang.site.settings")
    import django

    django.setup()
    from lianzhang.kernel.api.app import description_text

    sys.stdout.write(description_text())


if __name__ == "__main__":
    main()
