"""Build an installation from its settings: plugs, wiring, roles."""
