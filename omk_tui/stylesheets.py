"""Where the stylesheets are: inside the package in a wheel, beside it in a checkout or an editable install."""

from __future__ import annotations

from pathlib import Path

import omk_tui

FOLDER = "styles"


def styles_folder() -> Path:
    """The folder that holds app.tcss.

    Raises:
        FileNotFoundError: in neither place; the message names both.
    """
    package = Path(omk_tui.__file__).resolve().parent
    places = (package / FOLDER, package.parent / FOLDER)
    for place in places:
        if (place / "app.tcss").is_file():
            return place
    raise FileNotFoundError(f"no app.tcss in {places[0]} or {places[1]}: the installation is incomplete")


def stylesheets() -> list[Path]:
    """Every stylesheet, app.tcss first, the others by name: what `App.CSS_PATH` wants."""
    folder = styles_folder()
    others = sorted(path for path in folder.glob("*.tcss") if path.name != "app.tcss")
    return [folder / "app.tcss", *others]
