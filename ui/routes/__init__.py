"""The HTTP interface, one module a door."""
