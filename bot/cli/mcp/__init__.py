"""Serve a ledger over MCP, by the REST API and a token."""
