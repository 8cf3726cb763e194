"""The web page: gradio components and what happens between them. The only module that knows gradio."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import gradio as gr
from fastapi import FastAPI

from index.passage import Passage
from rag.record import answer_record
from ui import conversation as talk
from ui.conversation import Exchange, Exchanges
from ui.files import page_address
from ui.markup import tag
from ui.pages.shell import navigation
from ui.panel import empty_panel
from ui.records import restored, stored
from ui.render import conversation_page
from ui.running import Site
from ui.texts import COOKIE, DEFAULT_LANGUAGE, INTERFACE_LANGUAGES, preferred, supported, words
from ui.titles import passage_title

_STORAGE = "bletchley-qa-conversation"
_SESSIONS = 1000  # states kept in memory; the oldest go first
_SESSION_SECONDS = 6 * 3600
_CONCURRENT = 8
_WAITING = 128

Shown = tuple[Any, Any, Any, Any]
# The end of an event that streams repeats its last step, which must not undo what happened meanwhile.
_UNTOUCHED: Shown = (gr.skip(), gr.skip(), gr.skip(), gr.skip())


class ChatPage:
    """The page's components and the events between them."""

    def __init__(self, site: Site) -> None:
        self.site = site
        with gr.Blocks(title=words(DEFAULT_LANGUAGE)["title"], analytics_enabled=False, fill_width=True) as self.blocks:
            self.exchanges = gr.State((), time_to_live=_SESSION_SECONDS)
            # Under a fixed name and key, so that it outlives this process; the key hides nothing, the browser has it.
            self.remembered = gr.BrowserState("", storage_key=_STORAGE, secret=_STORAGE)
            self._lay_out(words(DEFAULT_LANGUAGE))
            self._wire()
        self.blocks.state_session_capacity = _SESSIONS
        self.blocks.queue(default_concurrency_limit=_CONCURRENT, max_size=_WAITING)

    def _lay_out(self, word: Any) -> None:
        with gr.Row(elem_id="masthead"):
            self.masthead = _html(self._masthead(DEFAULT_LANGUAGE), "masthead-text")
            self.language = gr.Radio(
                [(name, code) for code, name in INTERFACE_LANGUAGES.items()],
                value=None,  # known when the visit opens
                label=word["language"],
                show_label=False,
                container=False,
                elem_id="language",
                min_width=0,
            )
        with gr.Row(elem_id="desk"):
            with gr.Column(elem_id="talk", min_width=0):
                self.conversation = _html(conversation_page((), DEFAULT_LANGUAGE), "conversation")
                with gr.Column(elem_id="asking", min_width=0):
                    with gr.Row(elem_id="composer"):
                        self.question = gr.Textbox(
                            label=word["question_label"],
                            show_label=False,
                            placeholder=word["question_placeholder"],
                            lines=1,
                            max_lines=6,
                            max_length=talk.QUESTION_LIMIT,
                            container=False,
                            elem_id="question",
                            min_width=0,
                        )
                        self.send = gr.Button(word["send"], variant="primary", elem_id="send", min_width=0)
                        self.stop = gr.Button(word["stop"], elem_id="stop", min_width=0)
                    with gr.Row(elem_id="buttons"):
                        self.retry = gr.Button(word["retry"], elem_id="retry", min_width=0)
                        self.edit = gr.Button(word["edit"], elem_id="edit", min_width=0)
                        self.clear = gr.Button(word["clear"], elem_id="clear", min_width=0)
                    with gr.Row(elem_id="restating"):  # the script fills it in and presses; nobody sees it
                        self.restated = gr.Textbox(
                            show_label=False, max_length=talk.QUESTION_LIMIT, container=False, elem_id="restated"
                        )
                        self.again = gr.Button("", elem_id="again", min_width=0)
            with gr.Column(elem_id="reading", min_width=0):
                # The script fills this element; gradio never writes it again.
                panel = tag("div", empty_panel(DEFAULT_LANGUAGE), id="source-panel")
                _html(
                    tag("div", panel, tag("p", id="announcer", class_="unseen", role="status", aria_live="polite")),
                    "reading-text",
                )

    def _wire(self) -> None:
        state = [self.exchanges, self.language]
        shown = [self.exchanges, self.remembered, self.conversation, self.question]
        hidden: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
        asked = gr.on(
            [self.question.submit, self.send.click],
            self._ask,
            [self.question, *state],
            shown,
            trigger_mode="multiple",
            **hidden,
        )
        retried = self.retry.click(self._retry, state, shown, trigger_mode="multiple", **hidden)
        again = self.again.click(self._restate, [self.restated, *state], shown, trigger_mode="multiple", **hidden)
        # Two events: the conversation that the browser kept shows before the question in the address is answered.
        arrived = [self.language, *self._worded(), self.exchanges, self.conversation]
        opened = self.blocks.load(self._open, [self.remembered], arrived, **hidden)
        linked = opened.then(self._ask_by_address, state, shown, **hidden)
        self.stop.click(self._stop, state, shown, cancels=[asked, retried, again, linked], queue=False, **hidden)
        self.edit.click(self._edit, state, shown, queue=False, **hidden)
        self.clear.click(self._clear, [self.language], shown, queue=False, **hidden)
        self.language.input(self._speak, state, [*self._worded(), self.conversation], queue=False, **hidden)

        gr.api(self.ask, api_name="ask")

    def ask(self, question: str, language: str = "") -> dict[str, object]:
        """Answer a question with cited passages: the run record, for programs that speak gradio."""
        return answer_record(talk.answer_safely(self.site, (), question.strip(), language))

    def _worded(self) -> list[Any]:
        """Components whose words change with the interface language, in the order of `_reworded`."""
        return [self.masthead, self.question, self.send, self.stop, self.retry, self.edit, self.clear]

    def _masthead(self, language: str) -> str:
        word = words(language)
        return tag(
            "header",
            tag("h1", word["title"]),
            tag("p", word["subtitle"]),
            navigation(language, ""),
            class_="masthead",
            lang=language,
            data_language=language,
        )

    def _reworded(self, language: str) -> list[Any]:
        word = words(language)
        return [
            self._masthead(language),
            gr.Textbox(label=word["question_label"], placeholder=word["question_placeholder"]),
            *(gr.Button(word[name]) for name in ("send", "stop", "retry", "edit", "clear")),
        ]

    def _shown(self, exchanges: Exchanges, language: str, question: Any = "") -> Shown:
        """What an event leaves behind: state, what the browser keeps, the conversation, the question box."""
        waits = bool(exchanges) and exchanges[-1].is_pending
        kept = gr.skip() if waits else stored(exchanges)
        return exchanges, kept, self._conversation(exchanges, language), question

    def _conversation(self, exchanges: Exchanges, language: str) -> str:
        return conversation_page(exchanges, language, index_id=self.site.now().shelf.id, named=self._named)

    def _named(self, passage: Passage, language: str) -> str:
        return passage_title(self.site.now(), passage, language)

    def _ask(self, question: str, exchanges: Exchanges, language: str | None, request: gr.Request) -> Iterator[Any]:
        yield from self._answer(question, exchanges, language or _language_of(request))

    def _answer(self, question: str, exchanges: Exchanges, language: str, box: Any = "") -> Iterator[Shown]:
        """The conversation as it grows; only the first step writes `box`, so that what is typed meanwhile stays."""
        shown = False
        for step in talk.ask(self.site, _finished(exchanges), question, language):
            yield self._shown(step, language, gr.skip() if shown else box)
            shown = True
        if not shown:
            yield self._shown(exchanges, language, box)
        yield _UNTOUCHED

    def _retry(self, exchanges: Exchanges, language: str) -> Iterator[Shown]:
        if exchanges:
            yield from self._answer(exchanges[-1].question, exchanges[:-1], language, gr.skip())
        else:
            yield self._shown((), language, gr.skip())

    def _restate(self, restated: str, exchanges: Exchanges, language: str) -> Iterator[Shown]:
        """The last question once more, understood as the reader says."""
        if not exchanges or not restated.strip():
            yield self._shown(exchanges, language, gr.skip())
            return
        for step in talk.ask(self.site, exchanges[:-1], exchanges[-1].question, language, restated=restated):
            yield self._shown(step, language, gr.skip())
        yield _UNTOUCHED

    def _stop(self, exchanges: Exchanges, language: str) -> Shown:
        waiting = exchanges[-1].question if exchanges and exchanges[-1].is_pending else None
        if waiting is None:
            return _UNTOUCHED
        return self._shown(_finished(exchanges), language, waiting)

    def _edit(self, exchanges: Exchanges, language: str) -> Shown:
        if not exchanges:
            return _UNTOUCHED
        return self._shown(exchanges[:-1], language, exchanges[-1].question)

    def _clear(self, language: str) -> Shown:
        return self._shown((), language)

    def _speak(self, exchanges: Exchanges, language: str) -> list[Any]:
        return [*self._reworded(language), self._conversation(exchanges, language)]

    def _open(self, remembered: object, request: gr.Request) -> list[Any]:
        """A new visit: the reader's language, and the conversation kept by the browser."""
        language = _language_of(request)
        exchanges = restored(remembered, self.site.now().shelf.editions)
        for exchange in exchanges:
            if exchange.answer is not None:
                self.site.kept.keep(exchange.answer)
        return [language, *self._reworded(language), exchanges, self._conversation(exchanges, language)]

    def _ask_by_address(self, exchanges: Exchanges, language: str, request: gr.Request) -> Iterator[Shown]:
        """A question in the address, unless a reload repeats it; what the reader has begun to type stays."""
        yield _UNTOUCHED
        asked = request.query_params.get("q", "").strip()
        if exchanges and exchanges[-1].question == asked:
            return
        for step in talk.ask(self.site, exchanges, asked, language):
            yield self._shown(step, language, gr.skip())
        yield _UNTOUCHED


def _language_of(request: gr.Request) -> str:
    """The interface language that the reader chose before, else that of the browser."""
    cookie = request.cookies.get(COOKIE, "")
    return supported(cookie) if cookie else preferred(request.headers.get("accept-language", ""))


def _finished(exchanges: Exchanges) -> tuple[Exchange, ...]:
    """The exchanges without one that is still waiting."""
    return tuple(exchange for exchange in exchanges if not exchange.is_pending)


def _html(value: str, name: str) -> gr.Markdown:
    """HTML of ours, all of it escaped already. Markdown because gr.HTML needs `eval`, which our policy forbids."""
    return gr.Markdown(value, sanitize_html=False, latex_delimiters=[], elem_id=name, min_height=0)


def mount(app: FastAPI, site: Site) -> FastAPI:
    """The application with the chat page at its root."""
    head = (
        f'<link rel="stylesheet" href="{page_address("style.css")}">'
        f'<link rel="icon" type="image/svg+xml" href="{page_address("icon.svg")}">'
        f'<script src="{page_address("panel.js")}" defer></script>'
        f'<script src="{page_address("early.js")}" defer></script>'
        f'<script src="{page_address("chat.js")}" defer></script>'
    )
    blocks = ChatPage(site).blocks
    mounted: FastAPI = gr.mount_gradio_app(
        app,
        blocks,
        "/",
        head=head,
        theme=gr.themes.Base(),
        run_history=False,
        enable_monitoring=False,
        ssr_mode=False,
        mcp_server=False,
        footer_links=[],
        show_error=False,
        max_file_size=0,
        allowed_paths=[],
        app_kwargs={"docs_url": None, "redoc_url": None},
    )
    return mounted
