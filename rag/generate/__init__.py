"""Generators: language models that may write the answer, which is then verified sentence by sentence.

generator = load_generator("transformers:Qwen/Qwen3-0.6B")
generator = load_generator("openai:http://127.0.0.1:8000/v1#my-model", api_key=os.environ.get("OPENAI_API_KEY", ""))
"""

from __future__ import annotations

from rag.generate.errors import BadGeneratorName, GeneratorFault
from rag.generate.local import LocalGenerator
from rag.generate.message import Generator, Message, Role, Sampling
from rag.generate.remote import RemoteGenerator

__all__ = [
    "EXTRACTIVE",
    "FORMS",
    "Generator",
    "GeneratorFault",
    "Message",
    "Role",
    "Sampling",
    "generator_named",
    "load_generator",
]

EXTRACTIVE = "extractive"  # the name of having no generator
FORMS = "extractive, transformers:NAME_OR_PATH, openai:URL#MODEL"


def generator_named(name: str, *, api_key: str = "") -> Generator | None:
    """The generator of that name, None for the extractive answerer. Raises BadGeneratorName."""
    return None if name == EXTRACTIVE else load_generator(name, api_key=api_key)


def load_generator(name: str, *, api_key: str = "") -> Generator:
    """The generator of that name; nothing is loaded or contacted before its first use. Raises BadGeneratorName.

    `api_key` goes to the server of an `openai:` generator over https or to this machine itself, and nowhere else.
    """
    kind, _, rest = name.partition(":")
    if kind == "transformers" and rest:
        return LocalGenerator(rest)
    if kind == "openai" and rest:
        return RemoteGenerator(rest, api_key=api_key)
    raise BadGeneratorName(f"Generator {name!r} is not known; use one of {FORMS}.")
