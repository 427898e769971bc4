"""The plan: Desired + Observed -> Plan, a value with a reason for each change. Pure.

planner    changes to what is wanted; endings for what is not; reasons, outlook, permits
guards     what a plan must not do: with data, with what is not ours, with immutable fields
consent    what a person must agree to; located puts objections in their file and line
saved      a plan in a file; stale tells whether it still describes the world
"""
