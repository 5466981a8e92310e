"""The program in a real terminal: tmux for whole journeys, a pseudo-terminal of our own for every byte."""
