"""The CCHC warehouse: quarterly public-administration-reform reports of districts, from file to ranking."""

__version__ = "0.2.0"
