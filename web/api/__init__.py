"""Serve the REST API: one table of routes, from which router and OpenAPI document are made.

`routes` defines a row, `table` lists all of them, `dispatch` parses a request and answers it,
`openapi` describes the table. Handlers take a `Call`, run one service and return a `Reply`; models
hold every field that crosses.
"""
