"""Why there is no result, in the officer's words: what happened and what to do."""


class RunError(Exception):
    """The command failed; nothing that was published before has changed."""


class UsageError(RunError):
    """The command cannot be meant as it stands."""
