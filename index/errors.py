"""What can go wrong with an index.

IndexFault
├── IndexMissing         no index in that folder
├── IndexBroken          files are missing, truncated or do not match the manifest
├── IndexNotWritten      the disk refused: full, read-only, no permission
├── EmbedderUnavailable  the embedder that the index was built with cannot be loaded
└── StoreUnavailable     Milvus does not serve: down, token refused, library missing
"""


class IndexFault(Exception):
    """Anything wrong with an index that the user can mend."""


class IndexMissing(IndexFault):
    """There is no index there."""


class IndexBroken(IndexFault):
    """The index does not hold what its manifest says."""


class IndexNotWritten(IndexFault):
    """The new generation could not be written; the one in use is as it was."""


class EmbedderUnavailable(IndexFault):
    """The embedder cannot be loaded."""


class StoreUnavailable(IndexFault):
    """The store that holds the passages does not serve."""
