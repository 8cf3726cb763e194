"""How the trained parts of the answer path were trained."""
