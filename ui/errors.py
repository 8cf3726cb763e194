"""What can go wrong when the page is started."""


class UiError(Exception):
    """Anything about the page that the user can mend."""


class PortUnavailable(UiError):
    """The address cannot be listened on."""
