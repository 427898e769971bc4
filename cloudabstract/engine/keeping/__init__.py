"""Day two: what happens to a stack after it was made.

reconcile    watching: turn after turn; backoff leaves alone for a while what keeps failing
healing      what a watch may do by itself, and what it only reports
watchlog, metrics, endpoint   what it tells, in the log and over HTTP
drift        what differs, and how grave that is; garbage: what nobody here knows any more
discovering  what was made by nobody here, in portable words; adopting: taking it, and letting go
"""
