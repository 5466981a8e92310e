"""What was read of a goal at one moment, shown, and compared with another moment."""
