"""The checkers' desk: pages on which claims are decided and reviewed, for those who may.

Who may do what is in `roles`; the pages are in `triage`, `reviews` and `rooms`, and are listed in
`routes`. They read and write by a Store of their own, once they know who asks.
"""
