"""Use cases that people start from a terminal, one module per noun. Each may combine several stages and pipeline tasks.

Import the module you need: `from etl.operations import releases`.
"""
