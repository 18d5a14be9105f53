"""One module for each page: a pure function from the API's replies to what the page shows, and its route."""
