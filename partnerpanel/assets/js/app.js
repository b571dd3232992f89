// The few lines of script that the pages need; everything works from attributes in the markup, nothing is inline.
import "./bulk.js";
import "./checklist.js";
import "./copy.js";
import "./insert.js";
import "./menus.js";
import "./palette.js";
import "./popups.js";
import "./previews.js";
import "./secrets.js";
import "./shell.js";
import "./shortcuts.js";
import "./toasts.js";
