"""The MCP server: tools by which an assistant reads the API. Needs the extra `mcp`."""
