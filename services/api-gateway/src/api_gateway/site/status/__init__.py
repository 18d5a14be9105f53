"""What `/status` tells: the state of each source and of the service, in one view for page, JSON and Atom."""
