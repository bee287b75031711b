"""Reading the tables bureaus really send: typed rows, and problems that say how to mend them.

The public face of the engine; everything else is inside. See README.md for the rules and examples.
"""

from .archive import Member, copy_member, is_archive, members, unpacked
from .cells import text_of
from .columnmap import ColumnChoice, ColumnMap, SheetMap, parse_map
from .dates import parse_moment, parse_period
from .duplicates import DuplicateGuard
from .model import Column, FieldSpec, Limits, SheetReport, Skipped, TableError, TableSpec
from .problems import Bad, Problem
from .reader import TableResult, read_table, scan_table
from .rejects import RejectsWriter, rejects_kind, rejects_writer
from .rows import Row
from .safe import guard_text, unguard_text
from .units import conversion, known_units
from .uscc import check_uscc, clean_uscc, make_uscc

__all__ = [
    "Bad",
    "Column",
    "ColumnChoice",
    "ColumnMap",
    "DuplicateGuard",
    "FieldSpec",
    "Limits",
    "Member",
    "Problem",
    "RejectsWriter",
    "Row",
    "SheetMap",
    "SheetReport",
    "Skipped",
    "TableError",
    "TableResult",
    "TableSpec",
    "check_uscc",
    "clean_uscc",
    "conversion",
    "copy_member",
    "guard_text",
    "is_archive",
    "known_units",
    "make_uscc",
    "members",
    "parse_map",
    "parse_moment",
    "parse_period",
    "read_table",
    "rejects_kind",
    "rejects_writer",
    "scan_table",
    "text_of",
    "unguard_text",
    "unpacked",
]
