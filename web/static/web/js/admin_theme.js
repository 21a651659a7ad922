// The choice between light and dark before the first paint: the admin's frame is Django's and cannot carry it.
"use strict";

const chosen = /(?:^|; )theme=(light|dark)/.exec(document.cookie)?.[1];
if (chosen) document.documentElement.dataset.theme = chosen;
