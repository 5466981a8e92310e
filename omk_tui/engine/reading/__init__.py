"""Reading goals: records, evidence, the list, and one goal whole."""
