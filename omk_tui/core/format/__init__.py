"""How omk spells things: JSON, numbers, times, redaction, and the tables that read and write records."""
