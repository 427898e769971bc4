"""Apply: Plan -> Report. The only part of the engine that changes the target.

steps      the plan as a graph; backwards orders its deletes; subset takes some of it alone
walk       performs it with many calls at a time: frontier, pending, ledger, retry
perform    one step made into one call, through calls: paced, journalled, never repeated blindly
runner     walks under a lease, and stops when told to (halt); events and reports are in events
"""
