"""omk.db: its rows read without a trace, and a row written as omk does."""
