"""Values to text: plans, outcomes, statuses, tables, trees. Nothing here reads, asks or prints.

Plans are drawn from their documented JSON form, so that a live plan, a saved one and one from
history look the same.
"""
