"""The pages for people: a process of its own that reads the public HTTP API and nothing else."""
