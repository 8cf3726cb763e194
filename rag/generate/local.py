"""Generating with transformers: any causal language model by hub name or folder, on a GPU where there is one.

Torch and transformers are imported at the first question. The model runs in a thread of its own and hands over its
text as it comes; leaving the stream early stops it.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from rag.generate.errors import GeneratorFault, GeneratorTruncated, GeneratorUnavailable
from rag.generate.message import Message, Role, Sampling, until_stop

SLOWEST = 120.0  # seconds without a new piece of text


class LocalGenerator:
    """One model, loaded at its first use and kept; one reply at a time."""

    def __init__(
        self, model: str, *, sampling: Sampling | None = None, device: str = "auto", timeout: float = SLOWEST
    ) -> None:
        self.name = f"transformers:{model}"
        self._model_name = model
        self._sampling = sampling or Sampling()
        self._device = device
        self._timeout = timeout
        self._loaded: tuple[Any, Any] | None = None
        self._lock = threading.Lock()

    def stream(self, messages: Sequence[Message]) -> Iterator[str]:
        """Pieces of the reply; raises GeneratorUnavailable or, at the token limit, GeneratorTruncated."""
        with self._lock:
            tokenizer, model, inputs = self._prepare(messages)
            yield from until_stop(self._pieces(tokenizer, model, inputs), self._sampling.stop)

    def _prepare(self, messages: Sequence[Message]) -> tuple[Any, Any, Any]:
        """Tokenizer, model and the encoded prompt; whatever a broken model folder raises becomes one fault."""
        try:
            if self._loaded is None:
                self._loaded = _load_model(self._model_name, self._device)
            tokenizer, model = self._loaded
            return tokenizer, model, self._encode(tokenizer, model, messages)
        except GeneratorFault:
            raise
        except Exception as error:
            raise GeneratorUnavailable(
                f"Model {self._model_name!r} cannot be used ({type(error).__name__}); give the name of a causal "
                "language model on the hub, or a folder that holds one."
            ) from error

    def _encode(self, tokenizer: Any, model: Any, messages: Sequence[Message]) -> Any:
        text = chat_text(tokenizer, messages)
        inputs = tokenizer(text, return_tensors="pt", add_special_tokens=tokenizer.chat_template is None)
        inputs.pop("token_type_ids", None)
        length = inputs["input_ids"].shape[1] + self._sampling.max_tokens
        room = getattr(model.config, "max_position_embeddings", None) or length
        if length > room:
            raise GeneratorUnavailable(
                f"The prompt and {self._sampling.max_tokens} tokens of reply need {length} tokens, model "
                f"{self._model_name!r} holds {room}; choose a model with a longer context."
            )
        return inputs.to(model.device)

    def _pieces(self, tokenizer: Any, model: Any, inputs: Any) -> Iterator[str]:
        """Text of the reply, piece by piece, from a thread that generates; its failure is raised here."""
        from transformers import TextIteratorStreamer

        streamer = TextIteratorStreamer(tokenizer, skip_prompt=True, skip_special_tokens=True, timeout=self._timeout)
        stopped = threading.Event()
        outcome: dict[str, Any] = {}
        thread = threading.Thread(
            target=_generate, args=(model, inputs, streamer, stopped, self._sampling, outcome), daemon=True
        )
        thread.start()
        try:
            yield from _until_timeout(streamer, self.name, self._timeout)
        finally:
            stopped.set()
            thread.join(self._timeout)
        if error := outcome.get("error"):
            raise GeneratorUnavailable(
                f"Model {self._model_name!r} failed ({type(error).__name__}); choose a smaller model or another device."
            )
        if outcome.get("tokens", 0) >= self._sampling.max_tokens and not outcome.get("ended"):
            raise GeneratorTruncated(
                f"Model {self._model_name!r} was not done after {self._sampling.max_tokens} tokens; "
                "ask for less or choose a terser model."
            )


def chat_text(tokenizer: Any, messages: Sequence[Message]) -> str:
    """The prompt in the model's own chat template; without a system role where the template refuses one."""
    if tokenizer.chat_template is None:
        return "\n\n".join(message.content for message in messages) + "\n\n"
    from jinja2 import TemplateError

    rows = [{"role": message.role.value, "content": message.content} for message in messages]
    try:
        return str(tokenizer.apply_chat_template(rows, tokenize=False, add_generation_prompt=True))
    except TemplateError:
        joined = "\n\n".join(message.content for message in messages)
        rows = [{"role": Role.USER.value, "content": joined}]
        return str(tokenizer.apply_chat_template(rows, tokenize=False, add_generation_prompt=True))


def _load_model(name: str, device: str) -> tuple[Any, Any]:
    """Tokenizer and model, ready on their device."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer
    from transformers.utils import logging as transformers_logging

    transformers_logging.disable_progress_bar()  # the answer owns the terminal
    chosen = ("cuda" if torch.cuda.is_available() else "cpu") if device == "auto" else device
    options = {"local_files_only": True} if Path(name).exists() else {}
    tokenizer = AutoTokenizer.from_pretrained(name, **options)
    model = AutoModelForCausalLM.from_pretrained(name, dtype="auto", **options)
    return tokenizer, model.to(chosen).eval()


def _generate(
    model: Any, inputs: Any, streamer: Any, stopped: threading.Event, sampling: Sampling, outcome: dict[str, Any]
) -> None:
    """Run the model and end the stream, whatever happens; `outcome` tells tokens, end and error."""
    import torch
    from transformers import StoppingCriteriaList

    def is_stopped(ids: Any, _scores: Any, **_options: Any) -> Any:
        return torch.full((ids.shape[0],), stopped.is_set(), dtype=torch.bool, device=ids.device)

    drawing = (
        {"do_sample": True, "temperature": sampling.temperature}
        if sampling.temperature > 0
        else {"do_sample": False, "temperature": None, "top_p": None, "top_k": None}
    )
    try:
        torch.manual_seed(sampling.seed)
        with torch.inference_mode():
            ids = model.generate(
                **inputs,
                **drawing,
                max_new_tokens=sampling.max_tokens,
                streamer=streamer,
                stopping_criteria=StoppingCriteriaList([is_stopped]),
                pad_token_id=_padding(model),
            )
        fresh = ids[0, inputs["input_ids"].shape[1] :]
        outcome.update(tokens=len(fresh), ended=bool(len(fresh)) and int(fresh[-1]) in _ends(model))
    except Exception as error:  # noqa: BLE001 - any failure of the model is raised where its text is read
        outcome["error"] = error
        streamer.end()


def _ends(model: Any) -> set[int]:
    ends = model.generation_config.eos_token_id
    return set(ends) if isinstance(ends, list) else set() if ends is None else {ends}


def _padding(model: Any) -> int:
    """A padding id, so that generation need not guess one: the model's, or else its end mark."""
    known = model.generation_config.pad_token_id
    return int(known) if known is not None else min(_ends(model), default=0)


def _until_timeout(streamer: Any, name: str, timeout: float) -> Iterator[str]:
    from queue import Empty

    try:
        for piece in streamer:
            if piece:
                yield re.sub("\ufffd", "", piece)
    except Empty:
        raise GeneratorUnavailable(
            f"Generator {name!r} gave nothing for {timeout:g} seconds; choose a smaller model."
        ) from None
