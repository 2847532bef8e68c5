// Before anything is painted: the theme that the reader chose last time.
"use strict";
try {
  const theme = localStorage.getItem("handwritten-theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // A browser that keeps nothing for pages from disk: the system's theme it is.
}
