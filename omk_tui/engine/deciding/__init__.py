"""Deciding: planned, committed as one transaction, recovered, examined."""
