"""Reading on the person's own machine: the local plug of the `ReceiptReader` socket.

`local.py` is what the main process holds; everything else here is imported by the child process
only, so that models, numpy and OpenCV never enter the main one.
"""
