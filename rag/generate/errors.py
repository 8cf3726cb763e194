"""What can go wrong with a generator.

GeneratorFault
├── BadGeneratorName      a name that is none, or an address that must not be used
├── GeneratorUnavailable  no server, no model, no memory, too long a prompt, too slow
├── GeneratorTruncated    the text ends before the model was done
└── GeneratorNonsense     a reply that is not in the protocol

Every message is one sentence: what is wrong, the value, the remedy. None holds a key or a server's own words.
"""


class GeneratorFault(Exception):
    """A generator that gives no usable text; the answer path then gives the extractive answer."""


class BadGeneratorName(GeneratorFault):
    """The name is none of the forms that are known."""


class GeneratorUnavailable(GeneratorFault):
    """The generator cannot be reached, loaded or waited for."""


class GeneratorTruncated(GeneratorFault):
    """The text was cut off."""


class GeneratorNonsense(GeneratorFault):
    """The reply cannot be read."""
