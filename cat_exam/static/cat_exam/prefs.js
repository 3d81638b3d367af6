// Text size and contrast of this PC; a plain script in <head>, so that the first paint is already right.
(() => {
  const root = document.documentElement;
  const sizes = ["", "large", "larger"];
  const read = (name) => {
    try {
      return localStorage.getItem("cat-" + name) || "";
    } catch {
      return "";
    }
  };
  const apply = (name, value) => {
    if (value) root.dataset[name] = value;
    else delete root.dataset[name];
    try {
      localStorage.setItem("cat-" + name, value);
    } catch {
      // without storage the choice lasts until the next page
    }
  };
  for (const name of ["text", "theme"]) apply(name, read(name));
  const show = () => {
    const size = sizes.indexOf(root.dataset.text || "");
    for (const button of document.querySelectorAll("[data-pref]")) {
      const what = button.dataset.pref;
      if (what === "theme") button.setAttribute("aria-pressed", root.dataset.theme === "contrast");
      else button.setAttribute("aria-disabled", what === "smaller" ? size <= 0 : size >= sizes.length - 1);
    }
  };
  document.addEventListener("DOMContentLoaded", show);
  document.addEventListener("click", (event) => {
    const what = event.target.closest("[data-pref]")?.dataset.pref;
    if (!what) return;
    const size = sizes.indexOf(root.dataset.text || "") + (what === "smaller" ? -1 : 1);
    if (what === "theme") apply("theme", root.dataset.theme ? "" : "contrast");
    else if (size in sizes) apply("text", sizes[size]);
    show();
  });
})();
