// Live pages that leave the reader alone: what is open stays open, nothing moves under a hand.
(function () {
  "use strict";
  var open = [];

  function busy(part) {
    var selection = window.getSelection();
    var chosen = selection && !selection.isCollapsed && part.contains(selection.anchorNode);
    return document.hidden || chosen || part.contains(document.activeElement);
  }

  function toEnd() {
    var thread = document.getElementById("thread");
    if (thread) thread.scrollTop = thread.scrollHeight;
  }

  document.addEventListener("htmx:beforeRequest", function (event) {
    if (event.target.hasAttribute("data-quiet") && busy(event.target)) event.preventDefault();
  });
  document.addEventListener("htmx:beforeSwap", function (event) {
    open = Array.from(event.target.querySelectorAll("details[open][id]"), function (part) {
      return part.id;
    });
  });
  document.addEventListener("htmx:afterSettle", function (event) {
    open.forEach(function (id) {
      var part = document.getElementById(id);
      if (part) part.open = true;
    });
    if (event.target.id === "thread") toEnd();
  });
  document.addEventListener("htmx:afterRequest", function (event) {
    if (event.detail.successful && event.target.matches("form[data-clear]")) event.target.reset();
  });
  toEnd();
})();
