// What the chat does by itself: asks examples, judges, guards input methods, follows what gradio changes. Needs panel.js and early.js.
(() => {
  "use strict";
  const NARROW = window.matchMedia("(max-width: 899px)");
  const { sourcePanel, earlyEvidence } = window;
  const questionBox = () => document.querySelector("#question textarea, #question input");
  const language = () => document.querySelector("#masthead-text [data-language]")?.dataset.language || "zh-CN";
  let shownLanguage = "";
  let latestAnswer = "";
  let arrivedAt = location.hash; // the source that was open before a reload, until something is asked

  // ---- clicks -------------------------------------------------------------------------------------------------------

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("button[data-ask], button[data-restate]");
    if (button?.dataset.ask) ask(button.dataset.ask);
    else if (button) restate(button.closest(".restate").querySelector("input"));
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.isComposing && event.target.matches?.(".restate input")) restate(event.target);
  });

  // ---- judging an answer ---------------------------------------------------------------------------------------------

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.(".feedback button");
    if (!button) return;
    const place = button.closest(".feedback");
    const why = place.querySelector(".why");
    if (!button.dataset.judge) {
      why.hidden = !why.hidden;
      button.setAttribute("aria-expanded", String(!why.hidden));
      if (!why.hidden) why.querySelector("select").focus();
    } else judge(place, button.dataset.judge, why);
  });

  async function judge(place, verdict, why) {
    const body = { answer_id: place.dataset.answer, verdict };
    if (verdict === "bad") {
      body.reason = why.querySelector(".reason").value;
      body.comment = why.querySelector(".comment").value;
    }
    const headers = { "Content-Type": "application/json" };
    const response = await fetch("v1/feedback", { method: "POST", headers, body: JSON.stringify(body) }).catch(() => null);
    why.hidden = true;
    place.querySelector("[data-why]").setAttribute("aria-expanded", "false");
    place.querySelector(".thanks").textContent = response?.ok ? place.dataset.thanks : place.dataset.failed;
  }

  function fill(box, text) {
    box.value = text;
    box.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function ask(text) {
    fill(questionBox(), text);
    questionBox().focus();
    document.getElementById("send").click();
  }

  // Gradio sends the question at the very same key or press; what is found for it need not wait for that. A visit that has not
  // opened yet would wipe what is asked: then the press is kept until it has.
  const isWaiting = () => !!document.querySelector("#conversation .exchange.pending"); // as it stands, not as last followed
  const isOpen = () => !!document.querySelector("#language input:checked");
  let keptPress = 0;
  function sent(event) {
    const question = questionBox().value.trim();
    if (isOpen()) return question && earlyEvidence.show(question, language());
    event.preventDefault();
    event.stopImmediatePropagation();
    keptPress ||= setInterval(() => {
      if (!isOpen()) return;
      clearInterval(keptPress);
      keptPress = 0;
      document.getElementById("send").click();
    }, 30);
  }
  document.addEventListener("click", (event) => event.target.closest?.("#send") && sent(event), true);

  function restate(input) {
    if (!input.value.trim() || isWaiting()) return;
    fill(document.querySelector("#restated textarea, #restated input"), input.value);
    document.getElementById("again").click();
  }

  // ---- keys: an input method's Enter chooses a word, it does not send -----------------------------------------------

  for (const kind of ["keydown", "keypress"])
    document.addEventListener(
      kind,
      (event) => {
        if (event.key !== "Enter") return;
        const isTooEarly = isWaiting() && event.target === questionBox();
        if (isTooEarly) event.preventDefault(); // one question at a time
        if (isTooEarly || event.isComposing || event.keyCode === 229) event.stopImmediatePropagation();
        else if (kind === "keypress" && event.target === questionBox() && !event.shiftKey) sent(event);
      },
      true,
    );

  // ---- what gradio changed ------------------------------------------------------------------------------------------

  function followLanguage() {
    const now = language();
    if (now === shownLanguage || !document.getElementById("source-panel")) return;
    const first = shownLanguage === "";
    shownLanguage = now;
    document.documentElement.lang = now;
    document.title = document.querySelector("#masthead-text h1")?.textContent || document.title;
    if (!first) document.cookie = `interface_language=${now}; path=/; max-age=31536000; SameSite=Strict`;
    sourcePanel.open(location.hash, false);
  }

  // Ready to type as soon as gradio lets the box be, and again where it draws the box anew, until a hand moves; except on a
  // phone, where the keyboard would cover what there is to read.
  const readying = setInterval(() => {
    const isIdle = shownLanguage && !NARROW.matches && document.activeElement === document.body;
    if (isIdle) questionBox()?.focus({ preventScroll: true });
  }, 100);
  for (const kind of ["pointerdown", "keydown"])
    document.addEventListener(kind, () => clearInterval(readying), { once: true, capture: true });

  function followConversation() {
    const exchanges = document.querySelectorAll("#conversation .exchange");
    const last = exchanges[exchanges.length - 1];
    document.body.classList.toggle("fresh", exchanges.length === 0);
    document.body.classList.toggle("asking", !!last?.classList.contains("pending"));
    const identity = last ? last.dataset.number + last.className + last.querySelector("h2")?.textContent : "";
    if (identity === latestAnswer) return sourcePanel.mark(location.hash);
    latestAnswer = identity;
    last?.scrollIntoView({ block: "start" });
    if (last?.classList.contains("pending")) arrivedAt = "";
    if (!last || last.classList.contains("pending")) return;
    sourcePanel.announce(last.dataset.summary);
    const marker = last.querySelector("a.marker");
    const fragment = arrivedAt || marker?.getAttribute("href") || "";
    arrivedAt = "";
    sourcePanel.startFrom(marker);
    history.replaceState(null, "", location.pathname + location.search + fragment);
    sourcePanel.open(fragment, false);
  }

  let waiting = false;
  new MutationObserver(() => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      followLanguage();
      followConversation();
      earlyEvidence.follow();
    });
  }).observe(document.documentElement, { childList: true, subtree: true });
})();
