"""What omk and omk-tui store of a goal, read into values."""
