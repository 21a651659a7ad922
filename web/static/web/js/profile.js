// Offers the zone of the browser's own clock where another one is chosen.
const zones = document.getElementById("id_time_zone");
const own = document.querySelector("[data-own-zone]");
const here = Intl.DateTimeFormat().resolvedOptions().timeZone;

function offer() {
  own.hidden = (zones.value || own.dataset.ownZone) === here || ![...zones.options].some((one) => one.value === here);
}

own.querySelector("span").textContent = `As this browser: ${here}`;
own.querySelector("button").addEventListener("click", () => {
  zones.value = here;
  offer();
  zones.focus();
});
zones.addEventListener("change", offer);
offer();
