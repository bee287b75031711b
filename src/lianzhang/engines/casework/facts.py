"""Facts the engine itself puts beside a matter's fields, for guards to read."""

#: name -> kind. ``co_opinions_or_expired``: every co-handler has answered or is over its limit.
#: ``waited``: working days in the present state. ``state``: that state. ``children_open``: open matters
#: that are part of this one; the caller knows them and hands them in among the fields.
FACTS: dict[str, str] = {
    "co_opinions_or_expired": "bool",
    "waited": "number",
    "state": "text",
    "children_open": "number",
}

#: Field type -> kind in expressions; every other type is ``any``.
FIELD_KINDS: dict[str, str] = {
    "text": "text",
    "longtext": "text",
    "choice": "text",
    "int": "number",
    "number": "number",
    "decimal": "number",
    "money": "number",
    "bool": "bool",
    "date": "date",
    "datetime": "moment",
}

#: Roles that a person has only towards one matter, as the one who handles it.
HANDLERS = frozenset({"lead", "co"})
#: The role under which the program itself makes moves.
SYSTEM = "system"
