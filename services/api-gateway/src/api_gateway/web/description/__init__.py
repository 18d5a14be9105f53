"""The OpenAPI document, put together from what FastAPI makes of routes and shapes."""
