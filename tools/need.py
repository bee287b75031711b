"""Say in one line what is missing before anything is installed. Runs on any Python 3."""

import sys

if sys.version_info < (3, 11):
    sys.exit("Lianzhang needs Python 3.11 or newer; this is %d.%d. On Debian: apt-get install python3" % sys.version_info[:2])
try:
    import ensurepip  # noqa: F401
    import venv  # noqa: F401
except ImportError:
    sys.exit("This Python has no venv module. On Debian: apt-get install python3-venv")
