"""Goals that this program makes itself, from a branch: the intake record, the files of the goal, gates and waivers."""
