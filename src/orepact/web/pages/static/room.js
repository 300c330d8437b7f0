// Follows a run that assesses the incident, and shows the room anew when it has ended.
const line = document.querySelector("[data-run] progress")?.closest("[data-run]");
const PATIENCE_MS = 3000;

async function look() {
  const found = await fetch(`/api/v1/runs/${line.dataset.run}`, { headers: { accept: "application/json" } });
  if (!found.ok) return;
  const { run } = await found.json();
  if (run.state !== "queued" && run.state !== "running") {
    location.reload();
    return;
  }
  line.querySelector("progress").value = run.progress;
  setTimeout(look, PATIENCE_MS);
}

if (line) setTimeout(look, PATIENCE_MS);
