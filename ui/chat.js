// What the page does by itself: opens the source panel, asks examples, copies, guards input methods. No library, no network but ours.
(() => {
  "use strict";
  const NARROW = window.matchMedia("(max-width: 899px)");
  const panel = () => document.getElementById("source-panel");
  const questionBox = () => document.querySelector("#question textarea, #question input");
  const language = () => document.querySelector("#masthead-text [data-language]")?.dataset.language || "zh-CN";
  let lastMarker = null; // where "back to the answer" returns to
  let shownLanguage = "";
  let latestAnswer = "";
  let panelRequest = 0;

  // ---- source panel -------------------------------------------------------------------------------------------------

  function spotOf(fragment) {
    const fields = new URLSearchParams(fragment.replace(/^#/, ""));
    return fields.get("source") ? fields : null;
  }

  async function openPanel(fragment, focus) {
    const place = panel();
    if (!place) return;
    const spot = spotOf(fragment);
    const query = new URLSearchParams({ language: language() });
    if (spot) {
      query.set("edition", spot.get("source"));
      for (const name of ["start", "end", "check"]) query.set(name, spot.get(name) || "");
    }
    const mine = ++panelRequest;
    const response = await fetch("page/source?" + query, { headers: { Accept: "text/html" } });
    const page = response.headers.get("content-type")?.startsWith("text/html") ? await response.text() : "";
    if (mine !== panelRequest || !page) return;
    place.innerHTML = page; // escaped by the server; the policy lets no script in it run
    markCurrent(fragment);
    showMark(place);
    if (!focus) return;
    const title = document.getElementById("panel-title");
    title?.focus({ preventScroll: true });
    if (NARROW.matches) place.scrollIntoView({ block: "start" });
  }

  function showMark(place) {
    const context = place.querySelector(".context");
    const mark = context?.querySelector("mark, .cited");
    if (mark) context.scrollTop = Math.max(0, mark.offsetTop - context.offsetTop - context.clientHeight / 4);
    place.closest("#reading")?.scrollTo({ top: 0 });
  }

  function markCurrent(fragment) {
    for (const link of document.querySelectorAll("a.marker[aria-current]")) link.removeAttribute("aria-current");
    for (const link of document.querySelectorAll("#conversation a.marker"))
      if (link.getAttribute("href") === fragment) link.setAttribute("aria-current", "true");
  }

  function backToAnswer() {
    const target = lastMarker?.isConnected ? lastMarker : document.querySelector("#conversation a.marker[aria-current]") || questionBox();
    target?.focus();
    target?.scrollIntoView({ block: "center" });
  }

  function address(fragment) {
    return location.pathname + location.search + fragment;
  }

  // ---- clicks -------------------------------------------------------------------------------------------------------

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.('a[href^="#source="]');
    if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0) {
      event.preventDefault();
      const fragment = link.getAttribute("href");
      if (link.closest("#conversation")) lastMarker = link;
      history.pushState(null, "", address(fragment));
      openPanel(fragment, event.detail === 0 || NARROW.matches || !!link.closest("#source-panel"));
      return;
    }
    const button = event.target.closest?.("button[data-ask], button[data-fill], button[data-copy], button.back");
    if (!button) return;
    if (button.dataset.ask) ask(button.dataset.ask);
    else if (button.dataset.fill) fill(button.dataset.fill);
    else if (button.dataset.copy) copy(button);
    else backToAnswer();
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

  window.addEventListener("popstate", () => openPanel(location.hash, false));

  function fill(text) {
    const box = questionBox();
    box.value = text;
    box.dispatchEvent(new Event("input", { bubbles: true }));
    box.focus();
  }

  function ask(text) {
    fill(text);
    document.getElementById("send").click();
  }

  async function copy(button) {
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
    } catch {
      const box = Object.assign(document.createElement("textarea"), { value: button.dataset.copy });
      document.body.append(box);
      box.select();
      document.execCommand("copy");
      box.remove();
      button.focus();
    }
    const words = button.textContent;
    button.textContent = button.dataset.done;
    announce(button.dataset.done);
    setTimeout(() => (button.textContent = words), 1500);
  }

  // The quote shows above its marker, or below where there is no room; fixed, so that no column cuts it off.
  function placePeek(event) {
    const marker = event.target.closest?.("a.marker");
    const peek = marker?.querySelector(".peek");
    if (!peek) return;
    const at = marker.getBoundingClientRect();
    const isHigh = at.top < 240;
    peek.style.left = Math.max(8, Math.min(at.left, window.innerWidth - 356)) + "px";
    peek.style.top = isHigh ? at.bottom + 6 + "px" : "auto";
    peek.style.bottom = isHigh ? "auto" : window.innerHeight - at.top + 6 + "px";
  }
  document.addEventListener("mouseover", placePeek);
  document.addEventListener("focusin", placePeek);

  // ---- keys: an input method's Enter chooses a word, it does not send -----------------------------------------------

  for (const kind of ["keydown", "keypress"])
    document.addEventListener(
      kind,
      (event) => {
        if (event.key !== "Enter") return;
        const isWaiting = document.body.classList.contains("asking") && event.target === questionBox();
        if (isWaiting) event.preventDefault(); // one question at a time
        if (isWaiting || event.isComposing || event.keyCode === 229) event.stopImmediatePropagation();
      },
      true,
    );
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && event.target.closest?.("#source-panel")) backToAnswer();
  });

  // ---- what gradio changed ------------------------------------------------------------------------------------------

  function announce(words) {
    const place = document.getElementById("announcer");
    if (place) place.textContent = words;
  }

  function followLanguage() {
    const now = language();
    if (now === shownLanguage || !panel()) return;
    const first = shownLanguage === "";
    shownLanguage = now;
    document.documentElement.lang = now;
    document.title = document.querySelector("#masthead-text h1")?.textContent || document.title;
    if (first && NARROW.matches) {
      document.activeElement?.blur(); // on a phone the keyboard would cover what there is to read
      if (!location.hash) window.scrollTo(0, 0);
    }
    if (!first) document.cookie = `interface_language=${now}; path=/; max-age=31536000; SameSite=Strict`;
    openPanel(location.hash, false);
  }

  function followConversation() {
    const exchanges = document.querySelectorAll("#conversation .exchange");
    const last = exchanges[exchanges.length - 1];
    document.body.classList.toggle("fresh", exchanges.length === 0);
    document.body.classList.toggle("asking", !!last?.classList.contains("pending"));
    const identity = last ? last.dataset.number + last.className + last.querySelector("h2")?.textContent : "";
    if (identity === latestAnswer) return markCurrent(location.hash);
    latestAnswer = identity;
    last?.scrollIntoView({ block: "start" });
    if (!last || last.classList.contains("pending")) return;
    announce(last.dataset.summary);
    lastMarker = last.querySelector("a.marker");
    const fragment = lastMarker?.getAttribute("href") || "";
    history.replaceState(null, "", address(fragment));
    openPanel(fragment, false);
  }

  let waiting = false;
  new MutationObserver(() => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      followLanguage();
      followConversation();
    });
  }).observe(document.documentElement, { childList: true, subtree: true });
})();
