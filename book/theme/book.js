// Handwritten: everything that moves. The pages can be read without it.
// It also serves the code pages, which have neither bar nor search: every part looks for its
// elements first and is content not to find them.
"use strict";

(() => {
  const root = document.documentElement;
  const byId = (id) => document.getElementById(id);
  const all = (selector) => [...document.querySelectorAll(selector)];
  const element = (name, className, text = "") => {
    const made = document.createElement(name);
    made.className = className;
    made.textContent = text;
    return made;
  };
  const remember = (key, value) => {
    try {
      localStorage.setItem(key, value);
    } catch {
      // No storage: the choice holds for this page.
    }
  };

  // ---- Syntax -------------------------------------------------------------------------------

  for (const code of all("pre code:is(.language-rust, .language-toml, .language-python)")) {
    if (window.hljs) hljs.highlightBlock(code);
  }

  // ---- Boxes that scroll sideways can be reached by keyboard -----------------------------------

  const letScroll = () => {
    for (const box of all("pre, .table-wrapper, .formula")) {
      if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
      else box.removeAttribute("tabindex");
    }
  };
  letScroll();
  addEventListener("resize", letScroll);
  document.fonts?.ready.then(letScroll);

  // ---- Copying a listing -------------------------------------------------------------------------

  if (navigator.clipboard && !("print" in root.dataset)) {
    for (const listing of all("figure.listing")) {
      const caption = listing.querySelector("figcaption");
      const code = listing.querySelector("pre code");
      if (!caption || !code) continue;
      const button = element("button", "copy", "Copy");
      button.type = "button";
      button.addEventListener("click", () => {
        const say = (word) => {
          button.textContent = word;
          setTimeout(() => { button.textContent = "Copy"; }, 1500);
        };
        navigator.clipboard.writeText(code.textContent).then(() => say("Copied"), () => say("Not allowed"));
      });
      caption.append(button);
    }
  }

  // ---- Theme -------------------------------------------------------------------------------------

  const themeButton = byId("theme-button");
  if (themeButton) {
    const themes = ["auto", "light", "dark"];
    const show = () => {
      const theme = root.dataset.theme ?? "auto";
      themeButton.setAttribute("aria-label", `Theme: ${theme}`);
      byId("theme-name").textContent = theme[0].toUpperCase() + theme.slice(1);
    };
    themeButton.addEventListener("click", () => {
      const now = themes.indexOf(root.dataset.theme ?? "auto");
      const next = themes[(now + 1) % themes.length];
      if (next === "auto") delete root.dataset.theme;
      else root.dataset.theme = next;
      remember("handwritten-theme", next);
      show();
    });
    show();
  }

  // ---- Table of contents ---------------------------------------------------------------------------

  const contents = byId("contents");
  const menuButton = byId("menu-button");
  const docked = matchMedia("(min-width: 1200px)");
  const isOpen = () => docked.matches
    ? !root.classList.contains("contents-closed")
    : root.classList.contains("contents-open");
  const setOpen = (open) => {
    if (docked.matches) {
      root.classList.toggle("contents-closed", !open);
      remember("handwritten-contents", open ? "open" : "closed");
    } else {
      root.classList.toggle("contents-open", open);
    }
    menuButton.setAttribute("aria-expanded", open);
  };

  if (contents && menuButton) {
    // mdBook writes these links as seen from the root of the book.
    const here = location.href.split(/[?#]/)[0].replace(/\/$/, "/index.html");
    const links = [...contents.querySelectorAll("a[href]")];
    for (const link of links) {
      link.setAttribute("href", root.dataset.root + link.getAttribute("href"));
    }
    // index.html is a copy of the first chapter.
    const current = links.find((link) => link.href === here)
      ?? (root.dataset.root === "" && here.endsWith("/index.html") ? links[0] : undefined);
    if (current) {
      current.setAttribute("aria-current", "page");
      contents.scrollTop = current.offsetTop - contents.clientHeight / 2;
    }

    menuButton.setAttribute("aria-expanded", isOpen());
    docked.addEventListener("change", () => menuButton.setAttribute("aria-expanded", isOpen()));
    menuButton.addEventListener("click", () => {
      setOpen(!isOpen());
      if (isOpen() && !docked.matches) (current ?? links[0])?.focus();
    });
    document.addEventListener("click", (event) => {
      const inside = contents.contains(event.target) || menuButton.contains(event.target);
      if (!docked.matches && isOpen() && !inside) setOpen(false);
    });
  }

  // ---- Search ----------------------------------------------------------------------------------------

  const dialog = byId("search");
  const openSearch = () => {
    if (dialog.open) return;
    dialog.showModal();
    byId("search-field").select();
    loadSearch();
  };

  let searching; // The promise of mdBook's index, once somebody asks for it.
  const loadSearch = () => {
    const script = (address) => new Promise((resolve, reject) => {
      const made = document.createElement("script");
      made.src = address;
      made.onload = resolve;
      made.onerror = () => reject(new Error(address));
      document.head.append(made);
    });
    // searchindex.js adds its parts to window.search.
    searching ??= (async () => {
      window.search ??= {};
      await script(dialog.dataset.engine);
      await script(dialog.dataset.index);
      return { ...window.search, index: elasticlunr.Index.load(window.search.index) };
    })();
    searching.then(search, () => {
      byId("search-status").textContent = "The search index could not be loaded.";
    });
  };

  // Some text around the first word that was looked for; the words themselves marked.
  const snippet = (body, words) => {
    const made = element("span", "snippet");
    const pattern = words.map((word) => word.replace(/[^\p{L}\p{N}]/gu, "\\$&")).join("|");
    const first = pattern ? body.search(new RegExp(pattern, "iu")) : -1;
    let from = Math.max(0, first - 60);
    if (from > 0) from = body.indexOf(" ", from) + 1;
    let part = body.slice(from, from + 190);
    if (from + 190 < body.length) part = `${part.replace(/\s\S*$/, "")}\u00a0…`;
    if (from > 0) part = `…\u00a0${part}`;
    // Splitting by a group puts the found words at the odd places.
    const pieces = pattern ? part.split(new RegExp(`(${pattern})`, "iu")) : [part];
    pieces.forEach((piece, index) => {
      made.append(index % 2 ? element("mark", "", piece) : piece);
    });
    return made;
  };

  const search = ({ index, doc_urls, search_options, results_options }) => {
    const asked = byId("search-field").value.trim();
    const list = byId("search-results");
    const status = byId("search-status");
    list.replaceChildren();
    status.textContent = "";
    if (asked === "") return;
    const words = asked.split(/\s+/);
    const found = index.search(asked, search_options).slice(0, results_options.limit_results);
    status.textContent = found.length === 0
      ? `Nothing found for “${asked}”.`
      : `${found.length} ${found.length === 1 ? "place" : "places"} found for “${asked}”`;
    for (const { ref, doc } of found) {
      const link = document.createElement("a");
      link.href = root.dataset.root + doc_urls[ref];
      link.append(element("span", "found", doc.title));
      const chapter = doc.breadcrumbs.split(" » ")[0];
      if (chapter !== doc.title) link.append(element("span", "path", chapter));
      link.append(snippet(doc.body, words));
      const item = document.createElement("li");
      item.append(link);
      list.append(item);
    }
  };

  if (dialog) {
    const field = byId("search-field");
    const list = byId("search-results");
    byId("search-button").addEventListener("click", openSearch);
    field.addEventListener("input", loadSearch);
    list.addEventListener("click", (event) => {
      if (event.target.closest("a")) dialog.close(); // The place may be on this page.
    });
    dialog.addEventListener("click", (event) => {
      if (event.target === dialog) dialog.close(); // The veil around it.
    });
    dialog.addEventListener("keydown", (event) => {
      const links = [...list.querySelectorAll("a")];
      const stops = [field, ...links];
      const at = stops.indexOf(document.activeElement);
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step && at >= 0) {
        event.preventDefault();
        stops[Math.min(Math.max(at + step, 0), stops.length - 1)].focus();
      } else if (event.key === "Enter" && document.activeElement === field) {
        event.preventDefault(); // Else the form would close the dialog.
        links[0]?.click();
      }
    });
  }

  // ---- Keys ------------------------------------------------------------------------------------------

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || dialog?.open) return;
    if (event.key === "Escape" && contents && !docked.matches && isOpen()) {
      setOpen(false);
      menuButton.focus();
      return;
    }
    // Keys that mean something where the reader is: typing, or scrolling a wide listing.
    if (event.target.closest?.("input, textarea, select, [contenteditable], pre, .table-wrapper, .formula")) return;
    const turn = { ArrowLeft: "prev", ArrowRight: "next" }[event.key];
    if (turn && !event.shiftKey) {
      document.querySelector(`a[rel="${turn}"]`)?.click();
    } else if (dialog && (event.key === "/" || event.key === "s")) {
      event.preventDefault();
      openSearch();
    }
  });

  // ---- The print page ----------------------------------------------------------------------------------

  if ("print" in root.dataset) {
    addEventListener("load", () => document.fonts.ready.then(() => print()));
  }
})();
