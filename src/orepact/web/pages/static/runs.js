// Asks how far a run is and moves its bar; when it has ended, the page is loaded anew with what came of it.
const card = document.querySelector("[data-run]");
const bar = card?.querySelector("progress");
const every = 1500;

const look = async () => {
  const answer = await fetch(card.dataset.run, { credentials: "same-origin", cache: "no-store" });
  if (!answer.ok) return;
  const row = (await answer.json()).tables.run?.[0]; // a page that shows what came of it tells of no run
  if (!["queued", "running"].includes(row?.state)) {
    location.replace(location.pathname + location.search);
    return;
  }
  bar.value = row.progress;
  card.querySelector("[data-percent]").textContent = row.progress;
  card.querySelector("[data-step]").textContent = row.step;
  setTimeout(later, every);
};
const later = () => look().catch(() => setTimeout(later, 4 * every));
if (card) setTimeout(later, every);
