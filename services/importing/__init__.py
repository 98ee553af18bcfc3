"""Import files of banks and programs; each is read, compared, shown, then written.

Reading and writing are jobs. Between them the person sees the preview and decides.
"""
