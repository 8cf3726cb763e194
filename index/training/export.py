"""Write a trained table as a sentence-transformers folder: one byte a value, one scale a token.

The file uses the names “embeddings” and “weights”, which `StaticEmbedding` multiplies on loading, so
`SentenceTransformer(folder)` and the light loader read the same bytes.
"""

import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save_file
from tokenizers import Tokenizer

from index.static_encoder import FINGERPRINT_FILE, TOKENIZER_FILE, WEIGHTS_FILE, compute_fingerprint, pack_vocabulary

_LARGEST = 127


def quantise(table: NDArray[np.float32]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Whole numbers from −127 to 127 for each row, and the row's scale; a zero row stays zero."""
    scale = np.abs(table).max(axis=1) / _LARGEST
    safe = np.where(scale > 0, scale, 1)
    return np.rint(table / safe[:, None]).astype(np.int8), scale.astype(np.float32)


def write_model(folder: Path, tokenizer: Tokenizer, table: NDArray[np.float32]) -> None:
    """Weights, tokenizer, module list and fingerprint; other files of the folder stay as they are."""
    folder.mkdir(parents=True, exist_ok=True)
    table = table / max(float(np.linalg.norm(table, axis=1).mean()), 1e-9)
    values, scales = quantise(table)
    save_file({"embeddings": values, "weights": scales}, folder / WEIGHTS_FILE)
    (folder / WEIGHTS_FILE).chmod(0o644)  # the library writes for its owner only
    content = json.loads(tokenizer.to_str())
    content["model"]["vocab"] = [[piece, round(score, 4)] for piece, score in content["model"]["vocab"]]
    (folder / TOKENIZER_FILE).write_text(
        json.dumps(content, ensure_ascii=False, separators=(",", ":")), encoding="utf-8"
    )
    modules = [
        {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.StaticEmbedding"},
        {"idx": 1, "name": "1", "path": "1_Normalize", "type": "sentence_transformers.models.Normalize"},
    ]
    (folder / "1_Normalize").mkdir(exist_ok=True)
    settings: dict[str, object] = {"similarity_fn_name": "cosine", "prompts": {}, "default_prompt_name": None}
    for name, value in (("modules.json", modules), ("config_sentence_transformers.json", settings)):
        (folder / name).write_text(json.dumps(value, indent=2) + "\n", encoding="utf-8")
    # git keeps no empty folder, and the module's folder must exist in a fresh checkout
    (folder / "1_Normalize" / "config.json").write_text("{}\n", encoding="utf-8")
    pack_vocabulary(folder)
    (folder / FINGERPRINT_FILE).write_text(compute_fingerprint(folder) + "\n", encoding="utf-8")
