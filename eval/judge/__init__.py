"""An optional second opinion from a language model of the user's own. Labelled as such, and never part of the gate.

    python -m eval judge RUN --server openai:URL#MODEL

Two tasks: does the answer say a nugget (support, partial, not), and does a cited passage support a claim (full,
partial, no). The model is asked at temperature 0; every reply is kept by the hash of server, model, prompt and content,
so that a run judged twice gets the same figures. A reply that cannot be read is missing, not 0. `labels.jsonl` holds a
hundred and one pairs labelled by hand: the judge labels them too, and its agreement stands beside its figures.
"""
