"""The commands of `python -m etl`, a module for what they are about. Each adds its own to the parser with `add`."""
