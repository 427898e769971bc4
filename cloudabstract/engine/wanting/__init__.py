"""What is wanted: Spec + Facts + Memory -> Desired. Pure.

following   references: claims to volumes (binding, claims), sources to what they copy
volumes     a claim's volume, and any volume with its class (classes) applied
parts       what a provider expanded to, checked, ordered, named (naming)
resolve     composes them; decided and moving bring in what was settled in earlier turns
"""
