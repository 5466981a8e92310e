"""The headless commands: the engine's values as text for people and as JSON for programs."""
