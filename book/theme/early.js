// Runs before the first paint: the reader's choices, kept from an earlier visit.
// Without a choice (or without storage) the style sheet follows the system.
(() => {
  const root = document.documentElement;
  root.classList.add("js");
  try {
    const theme = localStorage.getItem("handwritten-theme");
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
    if (localStorage.getItem("handwritten-contents") === "closed") root.classList.add("contents-closed");
  } catch {
    // No storage, for instance in a private window: nothing to restore.
  }
})();
