"""Making goals from branches: what git says of a branch, and the goal directory written whole."""
