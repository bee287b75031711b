"""pandas only reads the file: no check, no code, no unit, nothing kept. `read.py FILE` prints seconds, memory and version."""

import json
import resource
import sys
import time

import pandas

started = time.perf_counter()
path = sys.argv[1]
frame = pandas.read_csv(path) if path.endswith(".csv") else pandas.read_excel(path)
seconds = time.perf_counter() - started
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(
    json.dumps(
        {"seconds": seconds, "peak_mb": peak, "rows": len(frame), "version": f"pandas {pandas.__version__}"}
    )
)
