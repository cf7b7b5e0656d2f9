"""The one error of a build that somebody can put right: an editor, a host or an engineer."""


class Stopped(Exception):
    """Nothing can be built, or what was built is not whole. As text: what is wrong, where, and how to fix it."""


class Unforeseen(Stopped):
    """A build ended by an error that is not the editor's. As text: the report."""
