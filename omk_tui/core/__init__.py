"""The pure core: records, judgements and plans of omk goals. Standard library only; no I/O, no clock."""
