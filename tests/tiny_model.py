"""A tiny causal language model with a tokenizer and a chat template, made on the spot; it can be taught one reply."""

from __future__ import annotations

from pathlib import Path

CHAT_TEMPLATE = (
    "{% for m in messages %}<|{{ m.role }}|>{{ m.content }}<|end|>{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>{% endif %}"
)
WINDOW = 32  # tokens that a layer looks back: what lies further back than two layers reach need not be trained on
NO_SYSTEM = (
    "{% for m in messages %}{% if m.role == 'system' %}{{ raise_exception('no system role') }}{% endif %}"
    "<|{{ m.role }}|>{{ m.content }}<|end|>{% endfor %}<|assistant|>"
)


def make_model(folder: Path, *, template: str | None = CHAT_TEMPLATE, context: int = 32768) -> Path:
    """A model with random weights, always the same ones."""
    import torch
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import MistralConfig, MistralForCausalLM, PreTrainedTokenizerFast
    from transformers.utils import logging

    logging.disable_progress_bar()
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=300,
        special_tokens=["<|end|>", "<|system|>", "<|user|>", "<|assistant|>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(["a park of old trees"], trainer)
    fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer, eos_token="<|end|>", pad_token="<|end|>")
    fast.chat_template = template
    torch.manual_seed(0)
    model = MistralForCausalLM(
        MistralConfig(
            vocab_size=len(fast), hidden_size=64, intermediate_size=128, num_hidden_layers=2, num_attention_heads=4,
            num_key_value_heads=4, max_position_embeddings=context, sliding_window=WINDOW, eos_token_id=0,
            pad_token_id=0, bos_token_id=None,
        )
    )  # fmt: skip
    fast.save_pretrained(folder)
    model.save_pretrained(folder)
    return folder


def teach(folder: Path, prompt: str, reply: str, *, steps: int = 300) -> None:
    """Train the model in `folder` until it gives `reply` to `prompt`, by heart."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForCausalLM.from_pretrained(folder)
    asked = tokenizer(prompt, add_special_tokens=False)["input_ids"][-3 * WINDOW :]
    told = tokenizer(reply + "<|end|>", add_special_tokens=False)["input_ids"]
    ids = torch.tensor([asked + told])
    labels = ids.clone()
    labels[:, : len(asked)] = -100
    optimiser = torch.optim.AdamW(model.parameters(), lr=5e-3)
    torch.manual_seed(0)
    model.train()
    for _ in range(steps):
        loss = model(input_ids=ids, labels=labels).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        optimiser.zero_grad()
        if float(loss.detach()) < 0.01:
            break
    model.save_pretrained(folder)
