"""Scoring methods, the engine that scores by them in SQL, and what makes a ranking defensible (docs/ranking.md)."""

from etl.ranking.explain import Explanation, explain
from etl.ranking.gaining import Gain, Room
from etl.ranking.method import parse_method, parse_methods
from etl.ranking.model import Method, Node
from etl.ranking.scores import refresh_rankings, refresh_scores, refresh_statistics
from etl.ranking.store import load_methods
from etl.ranking.vocabulary import Vocabulary, of_catalogue, of_table

__all__ = [
    "Explanation",
    "Gain",
    "Method",
    "Node",
    "Room",
    "Vocabulary",
    "explain",
    "load_methods",
    "of_catalogue",
    "of_table",
    "parse_method",
    "parse_methods",
    "refresh_rankings",
    "refresh_scores",
    "refresh_statistics",
]
