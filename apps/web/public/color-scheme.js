// Runs before the first paint, so that a remembered scheme does not flash the other one. It is a
// file of its own because the page's content security policy allows no inline script.
{
  const remembered = localStorage.getItem("segue.color-scheme");
  const isDark =
    remembered === "dark" ||
    (remembered !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.dataset.mantineColorScheme = isDark ? "dark" : "light";
}
