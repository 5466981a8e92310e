"""What the records mean: requirements, oracle, wall, warnings, verdict."""
