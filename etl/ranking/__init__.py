"""Scoring methods, the engine that scores by them in SQL, and what makes a ranking defensible (docs/ranking.md)."""

from etl.ranking.methods.loading import load_methods
from etl.ranking.methods.method import Method
from etl.ranking.methods.parse import parse_method, parse_methods
from etl.ranking.methods.vocabulary import Vocabulary
from etl.ranking.scoring.explain import Explanation, explain
from etl.ranking.scoring.gains import RankGain, ValueRange
from etl.ranking.scoring.refresh import refresh_rankings, refresh_scores, refresh_statistics

__all__ = [
    "Explanation",
    "Method",
    "RankGain",
    "ValueRange",
    "Vocabulary",
    "explain",
    "load_methods",
    "parse_method",
    "parse_methods",
    "refresh_rankings",
    "refresh_scores",
    "refresh_statistics",
]
