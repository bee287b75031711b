"""Parquet files, read a batch at a time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from .marks import too_many_columns
from .model import Limits
from .panics import refusing
from .source import RawSheet, Rows, Source

_BATCH = 4_096


def read_parquet(source: Source, limits: Limits) -> RawSheet:
    """The one sheet of a Parquet file; its column names stand as row 1, so that rows number as in a csv export."""
    return RawSheet(source.stem, _chunks(source, limits))


def _chunks(source: Source, limits: Limits) -> Iterator[Rows]:
    import polars as pl

    failures = pl.exceptions.PolarsError
    with source.open() as handle:
        with refusing(source.name, failures):
            frame = pl.scan_parquet(source.content if isinstance(source.content, Path) else handle)
            names = frame.collect_schema().names()
        if len(names) > limits.columns:
            raise too_many_columns(source.name, len(names), limits)
        yield [list(names)]
        with refusing(source.name, failures):
            # Batches as they are decoded: slices by offset would decode, and hold, the row groups before them.
            batches = frame.collect_batches(chunk_size=_BATCH, maintain_order=True)
        while True:
            with refusing(source.name, failures):
                batch = next(batches, None)
            if batch is None:
                return
            for start in range(0, batch.height, _BATCH):
                yield [list(row) for row in batch.slice(start, _BATCH).rows()]
