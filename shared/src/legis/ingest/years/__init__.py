"""Which years are still to be read, which are compared again, and how long that takes."""
