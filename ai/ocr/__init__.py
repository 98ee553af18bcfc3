"""Fill the `ReceiptReader` socket by OCR on this machine, Textract and vision models.

The main process imports `local.py` and the external readers only. The other modules run in the child
process, so that models, numpy and OpenCV never load into the main one.
"""
