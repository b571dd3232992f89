// What the pages of customers need; all of them work without it.
import "./copy.js";
import "./secrets.js";
