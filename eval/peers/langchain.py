"""LangChain: `RecursiveCharacterTextSplitter`, `InMemoryVectorStore` and its `as_retriever()`, nothing set.

`default` takes the splitter's own defaults (4,000 characters, 200 shared); `tutorial` the 1,000 and 200 of LangChain's
own introduction to retrieval.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from eval.peers import Passage, Retriever
from index.embedder import BUNDLED_FOLDER
from sources.edition import Edition


def default(editions: Mapping[str, Edition]) -> Retriever:
    """With the splitter's own defaults."""
    return _retriever(editions)


def tutorial(editions: Mapping[str, Edition]) -> Retriever:
    """With passages of 1,000 characters."""
    return _retriever(editions, chunk_size=1000, chunk_overlap=200)


def _retriever(editions: Mapping[str, Edition], **settings: Any) -> Retriever:
    from langchain_core.documents import Document
    from langchain_core.vectorstores import InMemoryVectorStore
    from langchain_huggingface import HuggingFaceEmbeddings
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    splitter = RecursiveCharacterTextSplitter(add_start_index=True, **settings)
    whole = [Document(page_content=edition.text, metadata={"key": key}) for key, edition in editions.items()]
    store = InMemoryVectorStore(HuggingFaceEmbeddings(model_name=str(BUNDLED_FOLDER)))
    store.add_documents(splitter.split_documents(whole))
    retriever = store.as_retriever()

    def retrieve(question: str) -> Sequence[Passage]:
        return [(d.metadata["key"], d.metadata["start_index"], d.page_content) for d in retriever.invoke(question)]

    return retrieve
