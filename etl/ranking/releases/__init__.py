"""Signed rankings: what they contain, their signature, and what differs between two of them."""
