"""Recorded decisions of omk 0.5.0 and the harness that replays them.

`cases/` holds the recordings (its README defines the format). `case` reads one, `layout` puts it on disk, `tree`
photographs a directory, `mask` hides what no clock or random source repeats, `rules` says how a result must look,
`deciders` make one.
"""
