"""The index on disk and in a process: its folder, the locks of its readers, and snapshots of it."""
