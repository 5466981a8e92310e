"""Screens: what a person sees at once, and what the keys mean there."""
