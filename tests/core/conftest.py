"""How `make mutants` runs the properties: fewer examples, always the same ones, and no search for the smallest."""

from hypothesis import Phase, settings

settings.register_profile(
    "mutants", max_examples=20, derandomize=True, database=None, deadline=None, phases=[Phase.explicit, Phase.generate]
)
