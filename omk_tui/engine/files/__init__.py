"""Files and folders: opened safely, written at once, locked, watched, remembered."""
