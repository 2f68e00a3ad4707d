// Keys for the triage page. Everything here is also a form: without this script the desk works.
"use strict";

(() => {
  const context = document.getElementById("desk-text");
  const live = document.getElementById("live");
  const keysOn = document.getElementById("keys-on");
  if (!context) return;

  const points = (text) => [...text].length; // offsets are code points, not UTF-16 units
  const form = (name) => document.querySelector(`form[data-do="${name}"]`);

  // Where a place in the article's text is, in code points of the whole article.
  const offset = (node, at) => {
    const piece = (node.nodeType === Node.TEXT_NODE ? node.parentElement : node).closest("[data-start]");
    if (!piece || !context.contains(piece)) return null;
    const before = document.createRange();
    before.selectNodeContents(piece);
    before.setEnd(node, at);
    return Number(piece.dataset.start) + points(before.toString());
  };

  const selected = () => {
    const selection = document.getSelection();
    if (!selection.rangeCount || selection.isCollapsed) return null;
    const range = selection.getRangeAt(0);
    const start = offset(range.startContainer, range.startOffset);
    const end = offset(range.endContainer, range.endOffset);
    return start === null || end === null || start >= end ? null : { start, end, words: range.toString() };
  };

  const mendWords = () => {
    const found = selected();
    const span = form("span");
    if (!found) return span.elements.words.focus();
    span.elements.words.value = found.words.trim();
    span.elements.start.value = found.start;
    span.elements.end.value = found.end;
    span.requestSubmit();
  };

  const splitThere = () => {
    const found = selected();
    const split = form("split");
    if (!found) return split.elements.second.focus();
    split.elements.at.value = found.start;
    split.requestSubmit();
  };

  const help = () => {
    const list = document.getElementById("help");
    list.open = !list.open;
    if (list.open) list.querySelector("summary").focus();
  };

  const deeds = {
    a: () => form("accept").requestSubmit(),
    r: () => form("reject").requestSubmit(),
    n: () => form("skip").requestSubmit(),
    u: () => form("undo").requestSubmit(),
    s: () => { const name = form("speaker").elements.speaker; name.focus(); name.select(); },
    e: mendWords,
    x: splitThere,
    m: () => form("merge")?.elements.other.focus(),
    v: () => document.querySelector('a[data-key="v"]').click(),
    "?": help,
  };

  // A field that was changed by hand no longer has the place that was selected.
  form("span").elements.words.addEventListener("input", () => {
    form("span").elements.start.value = form("span").elements.end.value = "";
  });

  keysOn.checked = localStorage.getItem("claims-keys") !== "off";
  keysOn.addEventListener("change", () => {
    localStorage.setItem("claims-keys", keysOn.checked ? "on" : "off");
  });

  let busy = false;
  document.addEventListener("submit", (event) => {
    if (busy) event.preventDefault(); // one decision a page, however often a key is pressed
    busy = true;
  });

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.closest("input, textarea, select")) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    if (!keysOn.checked && event.key !== "?") return;
    const deed = deeds[event.key];
    if (!deed || event.repeat) return;
    event.preventDefault();
    deed();
  });

  // With a Korean keyboard the same keys give jamo.
  const JAMO = { "ㅁ": "a", "ㄱ": "r", "ㅜ": "n", "ㅕ": "u", "ㄴ": "s", "ㄷ": "e", "ㅌ": "x", "ㅡ": "m", "ㅍ": "v" };
  for (const [jamo, key] of Object.entries(JAMO)) deeds[jamo] = deeds[key];

  document.addEventListener("selectionchange", () => {
    const found = selected();
    live.textContent = found ? `${found.start}–${found.end}` : "";
  });
})();
