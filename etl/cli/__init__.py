"""The command line: `cchc …` or `python -m etl …`. One module per command group; each command calls one operation."""
