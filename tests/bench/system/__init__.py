"""The servers, processes and corpus that a benchmark measures on."""
