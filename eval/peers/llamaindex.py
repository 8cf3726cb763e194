"""LlamaIndex: `VectorStoreIndex.from_documents` and its `as_retriever()`, nothing set (1,024 tokens, two passages)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from eval.peers import Passage, Retriever
from index.embedder import BUNDLED_FOLDER
from sources.edition import Edition


def default(editions: Mapping[str, Edition]) -> Retriever:
    """With every default."""
    from llama_index.core import Document, VectorStoreIndex

    documents = [Document(text=edition.text, doc_id=key) for key, edition in editions.items()]
    retriever = VectorStoreIndex.from_documents(documents, embed_model=bundled_embedding()).as_retriever()

    def retrieve(question: str) -> Sequence[Passage]:
        nodes = [scored.node for scored in retriever.retrieve(question)]
        return [(node.ref_doc_id, node.start_char_idx or 0, node.get_content()) for node in nodes]

    return retrieve


def bundled_embedding() -> Any:
    """The bundled embedder by LlamaIndex's own protocol; its loader refuses a model that reads any length."""
    from llama_index.core.base.embeddings.base import BaseEmbedding
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(BUNDLED_FOLDER))

    class Bundled(BaseEmbedding):  # type: ignore[misc]
        def _get_text_embedding(self, text: str) -> list[float]:
            vector: list[float] = model.encode(text, normalize_embeddings=True).tolist()
            return vector

        def _get_query_embedding(self, query: str) -> list[float]:
            return self._get_text_embedding(query)

        async def _aget_query_embedding(self, query: str) -> list[float]:
            return self._get_text_embedding(query)

    return Bundled()
