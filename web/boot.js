// Starts the page. A file of its own because the server's policy allows no inline script; trunk names the hashed files
// in <template id="app"> (see Trunk.toml).
const { js, wasm } = document.getElementById("app").dataset;
const at = (path) => new URL(path, document.baseURI);

try {
  const { default: init } = await import(at(js));
  // `cargo xtask bench page` reads this.
  performance.mark("init");
  await init({ module_or_path: at(wasm) });
  performance.measure("init", "init");
} catch (error) {
  // What panics after the start shows this card by itself (web/src/io/page.rs).
  document.getElementById("page").hidden = true;
  document.getElementById("failure").hidden = false;
  document.getElementById("failure-detail").textContent ||= String(error);
  throw error;
}
