"""Real directories, real databases: everything that reads and writes a state."""
