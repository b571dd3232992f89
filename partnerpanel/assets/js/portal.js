// What the pages of customers need; all of them work without it.
import "./copy.js";
import "./passkeys.js";
import "./secrets.js";
