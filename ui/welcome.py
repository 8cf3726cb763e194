"""What a new reader sees before asking: what this is, and example questions."""

from __future__ import annotations

from ui.examples import THEMES
from ui.markup import Html, join, tag
from ui.script import in_script
from ui.texts import text_language, words


def welcome(language: str) -> Html:
    """What a new reader sees: what this is, and example questions by theme in both languages."""
    word = words(language)
    own = text_language(language)
    order = (own, "en" if own == "zh" else "zh")
    themes = [
        tag(
            "section",
            tag("h3", in_script(theme.name[own], language)),
            join(
                example_button(in_script(question, language), text)
                for text in order
                for question in theme.questions[text]
            ),
            class_="theme",
        )
        for theme in THEMES
    ]
    return tag(
        "div",
        tag("h2", word["welcome"]),
        tag("p", word["welcome_note"]),
        tag("div", join(themes), class_="themes"),
        class_="welcome",
    )


def example_button(question: str, language: str) -> Html:
    """A button that asks an example question."""
    return tag("button", question, type="button", class_="example", lang=language, data_ask=question)
