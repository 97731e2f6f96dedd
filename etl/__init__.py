"""The CCHC warehouse: quarterly public-administration-reform reports of districts, from file to ranking."""

__version__ = "0.1.0"
