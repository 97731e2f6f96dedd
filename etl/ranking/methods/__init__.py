"""Scoring methods: their terms, what a method file may say, and how it is stored."""
