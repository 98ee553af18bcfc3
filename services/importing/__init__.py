"""Import files of banks and programs: read, compared with the ledger, shown, then written.

Reading and writing are jobs. Between them the person sees the preview and decides.
"""
