"""Light stand-ins for what takes long to load: dataclasses, uuid, re, and modules that a command may not need."""
