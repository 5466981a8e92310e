"""Running gates: an exact checkout, a supervised and isolated process, and the record of what came of it."""
