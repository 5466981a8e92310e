"""What may be shown: text from outside made safe, words, spans of time, printed commands."""
