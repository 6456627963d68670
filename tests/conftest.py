"""What all tests share."""

import signal

# A shell starts what it puts into the background with Ctrl-C ignored, nohup what it starts with
# the loss of its terminal, and children inherit it: tests would wait for what never comes.
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGHUP, signal.SIG_DFL)
