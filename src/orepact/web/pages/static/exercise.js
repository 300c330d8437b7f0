// The clock of an exercise: it ticks, counts down to the next inject where that is known, and shows what has come.
// Somebody who is typing keeps his page: he is told that there is something new.
const card = document.querySelector("[data-exercise]");
const clock = card?.querySelector("[data-since]");
const coming = card?.querySelector("[data-until]");
const news = card?.querySelector("[data-news]");
const SECOND = 1000;
const LOOK = 20 * SECOND;
const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
// The clock of this machine may be wrong by more than a page is old: then it counts from what the page said when it came.
const [hours, minutes] = (clock?.textContent ?? "0:00").split(":").map(Number);
const skew = clock ? Date.parse(clock.dataset.since) + (hours * 60 + minutes) * 60 * SECOND - Date.now() : 0;
const ahead = Math.abs(skew) > 90 * SECOND ? skew : 0;
const now = () => Date.now() + ahead;

const two = (value) => String(Math.floor(value)).padStart(2, "0");
const told = (milliseconds) => {
  const seconds = Math.max(0, Math.floor(milliseconds / SECOND));
  const whole = `${Math.floor(seconds / 3600)}:${two((seconds / 60) % 60)}`;
  return calm ? whole : `${whole}:${two(seconds % 60)}`;
};

const tick = () => {
  if (clock) clock.textContent = told(now() - Date.parse(clock.dataset.since));
  if (coming) {
    const left = Date.parse(coming.dataset.until) - now();
    coming.textContent = left > 0 ? coming.dataset.words.replace("{time}", told(left)) : "";
  }
};

const typing = () => [...document.querySelectorAll("main textarea, main input[type=text]")].some((field) => field.value !== field.defaultValue);

const look = async () => {
  const answer = await fetch(card.dataset.exercise, { credentials: "same-origin", cache: "no-store" });
  if (!answer.ok) return;
  const rows = (await answer.json()).tables.injects;
  const come = rows.filter((row) => row.told_at && !["planned", "not_told"].includes(row.state)).length;
  if (come === Number(card.dataset.seen)) return;
  if (typing()) news.hidden = false;
  else location.reload();
};

if (card) {
  tick();
  setInterval(tick, calm ? 60 * SECOND : SECOND);
  const again = () => document.hidden || look().catch(() => {});
  setInterval(again, LOOK);
  document.addEventListener("visibilitychange", again); // who comes back to the page sees at once what came meanwhile
}
