"""Say in one line what is missing before anything is installed. Runs on any Python 3."""

import sys

version = sys.version_info
if (version.major, version.minor) < (3, 11):
    found = f"{version.major}.{version.minor}"
    sys.exit(f"Lianzhang needs Python 3.11 or newer; this is {found}. On Debian: apt-get install python3")
try:
    import ensurepip  # noqa: F401
    import venv  # noqa: F401
except ImportError:
    sys.exit("This Python has no venv module. On Debian: apt-get install python3-venv")
