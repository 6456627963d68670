"""What all tests share."""

import signal

# A shell starts what it puts into the background with Ctrl-C ignored, and children inherit it:
# tests of interruptions would wait for what never comes.
signal.signal(signal.SIGINT, signal.default_int_handler)
