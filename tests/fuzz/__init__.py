"""Damaged and odd reports by the thousand: `make fuzz` (or `python -m tests.fuzz [FILES] [FIRST_SEED]`).

A mutant is made from a seed alone, so that a number is all that must be kept to have the file again (kept.csv).
"""
