"""omk_tui: the integrator's desk for omk goals. Importing this costs nothing; begin at omk_tui.engine or __main__."""

__version__ = "0.1.0"
