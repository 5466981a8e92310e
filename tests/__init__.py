"""All tests of omk_tui."""
