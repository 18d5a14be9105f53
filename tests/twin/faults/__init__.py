"""What goes wrong while a seed runs."""
