"""What can go wrong with a source.

SourceError
├── UnreadableFile      a file that cannot become text (encoding, binary, empty, too large)
├── BadMetadata         the .json beside a file, or the catalogue, contradicts itself or the file
├── BadLibrary          a digest or term file that breaks its format
├── UnknownSource       an id that neither the catalogue nor the data directory knows
└── FetchFailed         a page that could not be had: network, size, type, server
    └── AddressRefused  an address that is not public, or not one to be contacted

Every message is one sentence: what is wrong, the value, the remedy.
"""


class SourceError(Exception):
    """Anything wrong with a source that the user can mend."""


class UnreadableFile(SourceError):
    """The file cannot be read as text."""


class BadMetadata(SourceError):
    """Metadata is missing, malformed or contradicts the file."""


class BadLibrary(SourceError):
    """A digest or term file breaks its format; the message names file, line and field."""


class UnknownSource(SourceError):
    """No source of that id."""


class FetchFailed(SourceError):
    """The page could not be had."""


class AddressRefused(FetchFailed):
    """The address must not be contacted."""
