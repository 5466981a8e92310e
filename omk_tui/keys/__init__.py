"""Every command with its key and words, and what is made of them: footers, and the table for help and README."""
