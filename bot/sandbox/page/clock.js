// The office's clock: shown large, moved forward by buttons.

import { $, clockOf, dayOf, post, tried } from "./dom.js";
import { showFeed } from "./lists.js";
import { hearWorld, officeNow } from "./state.js";

export function showClock() {
  const now = officeNow();
  if (!now) return;
  $("clock-date").textContent = dayOf(now);
  $("clock-time").textContent = clockOf(now);
  for (const chip of document.querySelectorAll(".chip-time")) {
    const day = chip.classList.contains("short") ? dayOf(now).split(" ")[1] : dayOf(now);
    chip.textContent = `${day} ${clockOf(now)}`;
  }
}

async function move(body) {
  await post("/api/clock", body);
  await hearWorld();
  showClock();
  $("clock").classList.add("moved");
  setTimeout(() => $("clock").classList.remove("moved"), 900);
}

export function wireClock() {
  for (const button of document.querySelectorAll(".moves button")) {
    const { minutes, to } = button.dataset;
    button.addEventListener("click", () => tried(() => move(to ? { to } : { minutes: Number(minutes) })));
  }
  for (const chip of document.querySelectorAll(".clock-chip")) {
    chip.addEventListener("click", (event) => {
      event.stopPropagation();
      document.body.classList.toggle("side-open");
      showFeed();
    });
  }
  const close = () => document.body.classList.remove("side-open");
  $("close-side").addEventListener("click", close);
  for (const outside of document.querySelectorAll(".left, .middle")) outside.addEventListener("click", close);
  setInterval(showClock, 1000);
}
