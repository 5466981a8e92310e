"""A decision: what it would write, how it is journalled, and how it ends."""
