"""The index on disk and in a process: its folder, its readers, and one state of it."""
