// The person's choice before the first paint: the admin's frame is Django's and cannot carry it.
"use strict";

const { theme, density } = document.querySelector('meta[name="librarian-look"]').dataset;
if (theme) document.documentElement.dataset.theme = theme;
if (density) document.documentElement.dataset.density = density;
