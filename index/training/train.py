"""Train the bilingual static encoder and write it in sentence-transformers format.

    python -m index.training.train --work build/encoder --out index/model

A run that was stopped goes on from its last checkpoint in the work folder.
"""

import argparse
import json
import random as standard_random
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer

from index.training.batches import (
    ContextSampler,
    PairSampler,
    Sampler,
    TokenStore,
    TranslatedQuestionSampler,
    WordForWordSampler,
)
from index.training.corpora import DEFAULT_DATA_FOLDER, Corpora, load_corpora
from index.training.export import write_model
from index.training.lexicon import both_directions
from index.training.optimiser import LazyTable, held_out_recall
from index.training.tokenizer import train_tokenizer

# Pairs of each task in a step, and how much its loss counts.
TASKS: dict[str, tuple[int, float]] = {
    "translation": (1024, 1.0),
    "dictionary": (1536, 0.5),
    "names": (256, 0.2),
    "chinese_context": (768, 1.0),
    "english_context": (512, 0.7),
    "chinese_to_english": (768, 1.0),
    "english_to_chinese": (512, 0.7),
    "chinese_questions": (512, 0.6),
    "english_questions": (512, 0.6),
    "chinese_questions_in_english": (512, 0.5),
    "english_questions_in_chinese": (512, 0.5),
    "answer_sentences": (512, 0.8),
    "statutes": (512, 0.3),
    "regulations": (256, 0.2),
    "government": (256, 0.2),
}


def build_tokenizer(corpora: Corpora, chinese_size: int, english_size: int, seed: int) -> Tokenizer:
    """Learn the vocabulary from a sample of every training text."""
    random = standard_random.Random(seed)
    news = random.sample(corpora.chinese_documents, min(6000, len(corpora.chinese_documents)))
    chinese = [sentence for document in news for sentence in document]
    english = [sentence for document in corpora.english_documents for sentence in document]
    for name, pairs in corpora.train.items():
        if name in ("translation", "dictionary", "names"):
            english += pairs.left
            chinese += pairs.right
        elif name == "statutes":
            chinese += random.sample(pairs.right, min(10_000, len(pairs.right))) + pairs.left
        elif name == "chinese_questions":
            chinese += pairs.left + list(dict.fromkeys(pairs.right))
        elif name == "answer_sentences":
            english += [text for text in pairs.left if text.isascii()]
        else:
            english += pairs.left + list(dict.fromkeys(pairs.right))
    words = [word for word, _ in corpora.lexicon]
    return train_tokenizer(chinese, english, words, chinese_size, english_size)


def build_samplers(corpora: Corpora, tokenizer: Tokenizer, drop: float, without: set[str]) -> tuple[list[Sampler], Any]:
    """A sampler for every task that is not left out, and how often each token occurs."""
    pairs = {name: PairSampler(tokenizer, table, TASKS[name][0], drop) for name, table in corpora.train.items()}
    chinese = ContextSampler("chinese_context", tokenizer, corpora.chinese_documents, TASKS["chinese_context"][0], drop)
    english = ContextSampler("english_context", tokenizer, corpora.english_documents, TASKS["english_context"][0], drop)
    size = tokenizer.get_vocab_size()
    frequency = np.bincount(chinese.store.ids, minlength=size) + np.bincount(english.store.ids, minlength=size)
    forward, backward = both_directions(tokenizer, corpora.lexicon, frequency)
    print(f"dictionary: {forward.known} Chinese, {backward.known} English tokens", flush=True)
    samplers: list[Sampler] = [
        *pairs.values(),
        TranslatedQuestionSampler("chinese_questions_in_english", pairs["chinese_questions"], forward),
        TranslatedQuestionSampler("english_questions_in_chinese", pairs["english_questions"], backward),
        chinese,
        english,
        WordForWordSampler("chinese_to_english", chinese, forward, TASKS["chinese_to_english"][0], drop),
        WordForWordSampler("english_to_chinese", english, backward, TASKS["english_to_chinese"][0], drop),
    ]
    return [sampler for sampler in samplers if sampler.name not in without], frequency


def train(arguments: argparse.Namespace) -> None:
    """The whole run: texts, tokenizer, steps, held-out figures, model folder."""
    torch.set_num_threads(arguments.threads)
    torch.manual_seed(arguments.seed)
    started = time.time()
    work: Path = arguments.work
    work.mkdir(parents=True, exist_ok=True)
    corpora = load_corpora(arguments.data)
    tokenizer_file = arguments.tokenizer or work / "tokenizer.json"
    if not tokenizer_file.exists():
        build_tokenizer(corpora, arguments.chinese_pieces, arguments.english_pieces, arguments.seed).save(
            str(tokenizer_file)
        )
    tokenizer = Tokenizer.from_file(str(tokenizer_file))
    samplers, frequency = build_samplers(corpora, tokenizer, arguments.drop, set(arguments.without))
    held_out = {
        name: (
            TokenStore(tokenizer, pairs.left[:1500]),
            TokenStore(tokenizer, pairs.right[:1500]),
            np.asarray(pairs.group[:1500]),
        )
        for name, pairs in corpora.held_out.items()
    }
    print(f"texts ready after {time.time() - started:.0f} s", flush=True)
    table = LazyTable(frequency, arguments.dimension, arguments.rate, arguments.scale, arguments.seed)
    checkpoint = work / "checkpoint.npz"
    first = table.load(checkpoint) if checkpoint.exists() else 0
    started = time.time()
    for step in range(first, arguments.steps):
        random = np.random.default_rng([arguments.seed, step])
        batches = [(sampler.draw(random), TASKS[sampler.name][1]) for sampler in samplers]
        progress = step / arguments.steps
        losses = table.step(batches, min(1.0, (step + 1) / 30) * max(0.02, 1 - progress))
        if (step + 1) % arguments.report == 0:
            recall = {name: held_out_recall(table.weights, *stores) for name, stores in held_out.items()}
            print(
                json.dumps(
                    {"step": step + 1, "seconds": round(time.time() - started), "loss": losses, "held_out": recall}
                ),
                flush=True,
            )
        if (step + 1) % arguments.checkpoint_every == 0:
            table.save(checkpoint, step + 1)
    if arguments.out is not None:
        write_model(arguments.out, tokenizer, table.weights.numpy())


def main(arguments: list[str] | None = None) -> int:
    """Command line."""
    parser = argparse.ArgumentParser(
        prog="python -m index.training.train", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA_FOLDER, help="folder that holds train/ and measure/")
    parser.add_argument("--work", type=Path, default=Path("build/encoder"), help="tokenizer and checkpoint of this run")
    parser.add_argument("--out", type=Path, help="where the finished model goes; none: only held-out figures")
    parser.add_argument("--tokenizer", type=Path, help="an existing tokenizer.json; none: learn one")
    parser.add_argument("--chinese-pieces", type=int, default=32_000)
    parser.add_argument("--english-pieces", type=int, default=30_000)
    parser.add_argument("--dimension", type=int, default=256)
    parser.add_argument("--steps", type=int, default=1000)
    parser.add_argument("--rate", type=float, default=0.1, help="learning rate of the first step after warm-up")
    parser.add_argument("--scale", type=float, default=14.0, help="inverse temperature of the contrastive loss")
    parser.add_argument("--drop", type=float, default=0.1, help="share of tokens left out at random")
    parser.add_argument("--without", nargs="*", default=[], choices=sorted(TASKS), help="tasks to leave out")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--report", type=int, default=200, help="steps between held-out figures")
    parser.add_argument("--checkpoint-every", type=int, default=500)
    train(parser.parse_args(arguments))
    return 0


if __name__ == "__main__":
    sys.exit(main())
