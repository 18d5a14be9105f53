"""The process that builds exports: a schedule, and a child process that writes one export and ends."""
