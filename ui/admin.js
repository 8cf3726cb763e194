// What the sources page does by itself: adds files, folders and pages, fetches, plans and rebuilds with progress. Talks to this server only.
(() => {
  "use strict";
  const box = document.querySelector(".admin[data-added]");
  if (!box) return;
  const by = (name) => document.getElementById(name);
  const [log, bar, now, field] = [by("admin-log"), by("progress"), by("admin-now"), by("admin-token")];
  const inputs = [by("new-files"), by("new-folder")];
  const said = box.dataset;
  const states = JSON.parse(said.states);
  if (field) field.value = sessionStorage.getItem("admin-token") || "";

  function say(words, kind) {
    const line = document.createElement("li");
    line.textContent = words;
    if (kind) line.className = kind;
    log.append(line);
    line.scrollIntoView({ block: "nearest" });
  }

  function filled(template, values) {
    return template.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
  }

  async function call(method, path, body) {
    const headers = {};
    if (field) {
      sessionStorage.setItem("admin-token", field.value);
      headers.Authorization = "Bearer " + field.value;
    }
    if (body) headers["Content-Type"] = body instanceof Blob ? "application/octet-stream" : "application/json";
    let response;
    try {
      response = await fetch(path, { method, headers, body: body && !(body instanceof Blob) ? JSON.stringify(body) : body });
    } catch {
      say(said.lost, "problem");
      return null;
    }
    const answer = await response.json().catch(() => ({}));
    if (!response.ok) say(response.status === 401 ? said.token : answer.error || response.statusText, "problem");
    return response.ok ? answer : null;
  }

  // One thing at a time; afterwards the list below is shown as it is now.
  async function busy(work) {
    const buttons = [...document.querySelectorAll(".admin button, button[data-fetch], button[data-remove]")].filter((b) => b.id !== "fetch-stop");
    for (const button of buttons) button.disabled = true;
    try {
      await work();
    } finally {
      for (const button of buttons) button.disabled = false;
      now.textContent = "";
      await refresh();
    }
  }

  async function refresh() {
    const response = await fetch(location.href).catch(() => null);
    if (!response?.ok) return;
    const page = new DOMParser().parseFromString(await response.text(), "text/html"); // escaped by the server; nothing in it runs
    const fresh = page.getElementById("source-list");
    if (fresh) by("source-list").replaceWith(fresh);
  }

  // ---- files and folders --------------------------------------------------------------------------------------------

  const ending = (name) => name.slice(name.lastIndexOf(".")).toLowerCase();
  const stem = (file) => (file.webkitRelativePath || file.name).replace(/\.[^./]+$/, "");

  function chosen() {
    const all = inputs.flatMap((input) => [...input.files]);
    const readable = all.filter((file) => said.endings.split(" ").includes(ending(file.name)));
    const notes = new Map(all.filter((file) => ending(file.name) === ".json").map((file) => [stem(file), file]));
    const skipped = all.filter((file) => !readable.includes(file) && ending(file.name) !== ".json");
    return { readable, notes, skipped };
  }

  function named(files) {
    const names = files.slice(0, 5).map((file) => file.name);
    return [...names, ...(files.length > 5 ? ["…"] : [])].join(said.joint);
  }

  function showChosen() {
    const { readable, skipped } = chosen();
    const lines = [];
    if (readable.length) lines.push(filled(said.chosen, { count: readable.length, names: named(readable) }));
    if (skipped.length) lines.push(filled(said.skipped, { names: named(skipped) }));
    by("chosen").textContent = lines.join("\n");
  }

  async function described(file, notes) {
    const note = notes.get(stem(file));
    if (!note) return "";
    try {
      const known = JSON.parse(await note.text());
      const query = new URLSearchParams();
      for (const [name, key] of [["id", "id"], ["title", "title"], ["language", "language"], ["url", "canonical_url"]])
        if (typeof known[key] === "string") query.set(name, known[key]);
      return "?" + query;
    } catch {
      return "";
    }
  }

  async function add() {
    const { readable, notes, skipped } = chosen();
    if (!readable.length) return say(skipped.length ? filled(said.skipped, { names: named(skipped) }) : said.none, "problem");
    progress(0, readable.length);
    for (const [count, file] of readable.entries()) {
      now.textContent = `${count + 1}/${readable.length} ${file.name}`;
      const path = "v1/sources/files/" + encodeURIComponent(file.name) + (await described(file, notes));
      const answer = await call("PUT", path, file);
      if (answer) say(filled(said.added, { ...answer, name: file.name }));
      progress(count + 1, readable.length);
    }
    if (skipped.length) say(filled(said.skipped, { names: named(skipped) }));
    for (const input of inputs) input.value = "";
    showChosen();
  }

  function progress(value, most) {
    bar.hidden = false;
    bar.max = Math.max(most, 1);
    bar.value = value;
  }

  const pause = () => new Promise((resolve) => setTimeout(resolve, 150));

  // ---- pages --------------------------------------------------------------------------------------------------------

  async function addPage() {
    const address = by("new-page");
    if (!/^https?:\/\/\S+$/i.test(address.value.trim())) return say(said.address, "problem");
    if ((await call("POST", "v1/fetch/page", { url: address.value.trim() })) && (await watch())) address.value = "";
  }

  const fetchTexts = (ids) => async () => {
    if (await call("POST", "v1/fetch", { ids })) await watch();
  };

  async function watch() {
    const stop = by("fetch-stop");
    stop.hidden = false;
    let shown = 0;
    try {
      for (;;) {
        const job = await call("GET", "v1/fetch");
        if (!job) return false;
        progress(job.done, job.of);
        for (const line of job.lines.slice(shown)) {
          if (line.units) say(filled(said.added, line));
          else say(filled(said.line, { ...line, state: states[line.state] || line.state }), line.good ? "" : "problem");
        }
        shown = job.lines.length;
        if (job.state !== "running") {
          const template = job.state === "stopped" ? said.stopped : said.fetched;
          if (job.of > 1 || job.good) say(filled(template, { ...job, good: Math.min(job.good, job.of) }), job.good ? "good" : "problem");
          return job.good > 0;
        }
        now.textContent = filled(said.fetching, { ...job, done: Math.min(job.done + 1, job.of), size: Math.ceil(job.bytes / 1024) });
        await pause();
      }
    } finally {
      stop.hidden = true;
    }
  }

  // ---- removing a text: the first press asks, the second does it ------------------------------------------------------

  async function remove(button) {
    if (!button.dataset.asked) {
      button.dataset.asked = "yes";
      button.textContent = button.dataset.sure;
      return;
    }
    await busy(async () => {
      const answer = await call("DELETE", "v1/sources/" + encodeURIComponent(button.dataset.remove));
      if (answer) say(filled(said.removed, { names: answer.removed.join(", ") }));
    });
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("button[data-fetch], button[data-remove]");
    if (!button) return;
    box.open = true;
    if (button.dataset.remove) return remove(button);
    box.scrollIntoView({ block: "start" });
    busy(fetchTexts([button.dataset.fetch]));
  });

  // ---- the index ------------------------------------------------------------------------------------------------------

  function sayPlan(job) {
    for (const problem of job.problems) say(problem, "problem");
    if (!job.plan) return say(job.detail);
    say(filled(said.planned, job.plan));
    const details = job.detail.split("\n").filter((line) => line.startsWith("  "));
    if (details.length) say(details.join("\n"));
  }

  async function plan() {
    const answer = await call("POST", "v1/index/plan");
    if (answer) sayPlan(answer);
  }

  async function rebuild() {
    if (!(await call("POST", "v1/index/rebuild"))) return;
    let last = "";
    for (;;) {
      const job = await call("GET", "v1/index/rebuild");
      if (!job) return;
      progress(job.done, job.of);
      if (job.state !== "running") {
        for (const problem of job.problems) say(problem, "problem");
        return job.state === "done" ? say(filled(said.done, job), "good") : say(job.detail, "problem");
      }
      const step = said["step" + job.step[0].toUpperCase() + job.step.slice(1)];
      if (job.step === "building" && last !== step) sayPlan({ ...job, problems: [], detail: "" });
      if (step && step !== last) now.textContent = last = step;
      await pause();
    }
  }

  for (const input of inputs) input.addEventListener("change", showChosen);
  by("add-files").addEventListener("click", () => busy(add));
  by("add-page").addEventListener("click", () => busy(addPage));
  by("new-page").addEventListener("keydown", (event) => event.key === "Enter" && busy(addPage));
  by("fetch-all").addEventListener("click", () => busy(fetchTexts([])));
  by("fetch-stop").addEventListener("click", () => call("DELETE", "v1/fetch"));
  by("plan").addEventListener("click", () => busy(plan));
  by("rebuild").addEventListener("click", () => busy(rebuild));
})();
