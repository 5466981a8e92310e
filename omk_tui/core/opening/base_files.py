"""The files that steer an opened goal. They are read from its base commit, never from the branch."""

GATES_FILE = ".omk/gates.toml"
POLICY_FILE = ".omk/desk.toml"
