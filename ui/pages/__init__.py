"""Pages beside the chat: the sources, any text with its outline, the evaluation. Plain HTML, no gradio."""
