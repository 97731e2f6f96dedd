"""Scores of the warehouse, of any table and of a mixture of facts, and what explains them."""
