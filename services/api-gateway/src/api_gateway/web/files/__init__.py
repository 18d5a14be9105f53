"""Lists as files: CSV, NDJSON and XLSX, streamed page by page."""
