// Registers the service worker, and offers to install the site where the profile has a place for that.
const manifest = document.querySelector('link[rel="manifest"]').href;
const place = document.querySelector("[data-offer]");

navigator.serviceWorker
  ?.register(new URL("service-worker.js", manifest))
  .catch((problem) => console.info("No page for when the server is away:", problem.message));

// Without a place of ours the browser offers it in its own way.
if (place) {
  window.addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    place.hidden = false;
    place.querySelector("button").onclick = () => event.prompt();
  });
  window.addEventListener("appinstalled", () => {
    place.hidden = true;
    librarian.toast("Installed", "success");
  });
}
