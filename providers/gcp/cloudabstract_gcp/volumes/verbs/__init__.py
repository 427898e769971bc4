"""The four verbs, and mark, for each kind of a volume's parts."""
