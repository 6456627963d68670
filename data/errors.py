"""The one error that is the user's, not ours."""


class InputError(ValueError):
    """The user's files or options are wrong.

    The message says what was expected, what came and the way out, in the user's own names. The
    commands print it without a traceback and exit with code 2; any other exception is a bug and
    keeps its traceback.
    """
