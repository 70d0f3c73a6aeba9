/**
 * Says why a page stays empty: a browser that is too old for it, or a part that did not come. In words and syntax that old
 * browsers know, because they are who has to read it; no module, so that it runs where modules do not.
 */
(function () {
  "use strict";
  var TOO_OLD = [
    ["de", "Dieser Browser ist zu alt. Bitte aktualisieren Sie ihn: Safari und iOS ab 15.4, Chrome und Edge ab 98, Firefox ab 98, Samsung Internet ab 18."],
    ["en", "This browser is too old. Please update it: Safari and iOS from 15.4, Chrome and Edge from 98, Firefox from 98, Samsung Internet from 18."]
  ];
  var INSECURE = [
    ["de", "Diese Seite braucht eine sichere Verbindung. Bitte öffnen Sie sie über https."],
    ["en", "This page needs a secure connection. Please open it by https."]
  ];
  var BROKEN = [
    ["de", "Die Seite konnte nicht ganz geladen werden. Bitte prüfen Sie das Internet und laden Sie sie neu."],
    ["en", "The page could not be loaded completely. Please check the internet and load it again."]
  ];

  /** @param {string[][]} texts */
  function say(texts) {
    var view = document.getElementById("view");
    if (!view || view.querySelector("h1") || document.getElementById("unsupported")) { return; }
    var notice = document.createElement("div");
    notice.id = "unsupported";
    notice.className = "notice bad";
    for (var at = 0; at < texts.length; at++) {
      var line = document.createElement("p");
      line.lang = String(texts[at]?.[0]);
      line.setAttribute("role", "alert");
      line.appendChild(document.createTextNode(String(texts[at]?.[1])));
      notice.appendChild(line);
    }
    view.appendChild(notice);
  }

  function missing() {
    if (window.isSecureContext === false) { return INSECURE; }
    var known = "noModule" in document.createElement("script") && typeof structuredClone === "function" && typeof Object.hasOwn === "function" &&
      typeof HTMLDialogElement === "function" && window.crypto && window.crypto.subtle;
    return known ? null : TOO_OLD;
  }

  function check() { var texts = missing(); if (texts) { say(texts); } }
  /** @param {any} event */
  function failed(event) {
    var target = event.target;
    if (!target || !target.tagName || target.tagName === "SCRIPT") { say(missing() || BROKEN); }
  }
  window.addEventListener("error", failed, true);
  window.addEventListener("unhandledrejection", failed);
  if (document.readyState === "loading") { document.addEventListener("DOMContentLoaded", check); } else { check(); }
})();
