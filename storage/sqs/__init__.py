"""Take updates in through a FIFO queue of SQS, in front of the inbox of the database."""
