"""The web chat and its HTTP interface: what people see of an answer."""
