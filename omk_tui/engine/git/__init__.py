"""Git, asked safely: no program, no setting and no repository but those that the project may name."""
