"""The four verbs for each kind behind volumes, one module a kind."""
