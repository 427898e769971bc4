"""What is found: Desired + Memory -> Observed, and which found object is which wanted part.

observe   asks the target, in batches
match     puts the two sides next to each other (owning: whose an object is; leaving: what is
          being deleted)
fields    the values of both sides, comparable
"""
