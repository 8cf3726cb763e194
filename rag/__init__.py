"""The answer path: a question in, a cited answer out. Start reading at `rag/answerer.py`."""
