"""Enterprises found by part of a name, by its sound or its first letters, and in spite of a slip.

`forms` folds what is typed, `sounds` reads it aloud, `tokens` says under what a name is kept, `index` keeps it with the
projection, `search` asks it.
"""
