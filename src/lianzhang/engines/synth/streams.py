"""Independent random streams by purpose, so that a change in one part leaves the others unchanged."""

from zlib import crc32

import numpy as np


def stream(seed: int, purpose: str) -> np.random.Generator:
    """Return the PCG64 generator of `purpose` under the master `seed`."""
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, crc32(purpose.encode())])))
