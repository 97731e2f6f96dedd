"""Scoring methods, the engine that scores by them in SQL, and what makes a ranking defensible (docs/ranking.md)."""

from etl.ranking.methods.loading import load_methods
from etl.ranking.methods.method import parse_method, parse_methods
from etl.ranking.methods.model import Method, Node
from etl.ranking.methods.vocabulary import Vocabulary, of_catalogue, of_table
from etl.ranking.scoring.explain import Explanation, explain
from etl.ranking.scoring.gains import Gain, Room
from etl.ranking.scoring.refresh import refresh_rankings, refresh_scores, refresh_statistics

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
