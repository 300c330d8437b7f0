// Links the four views of the atlas: what is clicked in one becomes a new address, and all of them follow it without a reload.
import { draw } from "./figure.js";

const root = () => document.getElementById("atlas");
const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
const NOWHERE = new Set(["Rest", "unknown", "stock", "ROW"]);
let asked = null;
let playing = 0;

const address = (changes) => {
  const url = new URL(location.href);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null || value === "") url.searchParams.delete(name);
    else url.searchParams.set(name, value);
  }
  return url;
};

// The page of the new address, of which everything but the drawn boxes takes the place of what is there.
const show = async (url, { push = "push" } = {}) => {
  asked?.abort();
  asked = new AbortController();
  root().setAttribute("aria-busy", "true");
  const began = performance.now();
  let text;
  try {
    const reply = await fetch(url, { signal: asked.signal, headers: { Accept: "text/html" } });
    if (!reply.ok) throw new Error(reply.status);
    text = await reply.text();
  } catch (error) {
    if (error.name !== "AbortError") location.assign(url);
    return;
  }
  const fresh = new DOMParser().parseFromString(text, "text/html");
  if (!fresh.getElementById("atlas")) return void location.assign(url);
  if (push) history[`${push}State`](null, "", url);
  await take(fresh);
  root().removeAttribute("aria-busy");
  root().dataset.took = String(Math.round(performance.now() - began));
  root().dispatchEvent(new CustomEvent("shown", { bubbles: true }));
};

const take = async (fresh) => {
  document.title = fresh.title;
  for (const place of ["h1", ".lead", ".besides", ".tools"]) {
    const [old, now] = [document.querySelector(place), fresh.querySelector(place)];
    if (old && now) old.replaceWith(now);
  }
  const focus = document.activeElement?.id;
  const [old, now] = [root(), fresh.getElementById("atlas")];
  const drawn = [...old.querySelectorAll("figure[data-figure]")];
  const wanted = [...now.querySelectorAll("figure[data-figure]")];
  if (!drawn.length || !wanted.length) return void location.reload();
  for (const part of [".controls", ".years", ".chips"]) old.querySelector(part).replaceWith(now.querySelector(part));
  old.querySelectorAll(":scope > figure.table, :scope > .empty").forEach((each) => each.remove());
  old.append(...now.querySelectorAll(":scope > figure.table"));
  await Promise.all(wanted.map((figure, at) => change(drawn[at], figure)));
  ready();
  if (focus) document.getElementById(focus)?.focus();
};

const change = async (frame, figure) => {
  for (const part of [".title", ".summary", "details"]) {
    const [old, now] = [frame.querySelector(part), figure.querySelector(part)];
    if (old && now) {
      if (part === "details") now.open = old.open;
      old.replaceWith(now);
    }
  }
  const data = figure.querySelector('script[type="application/json"]');
  frame.querySelector('script[type="application/json"]').textContent = data.textContent;
  frame.querySelector(".plot").setAttribute("aria-label", figure.querySelector(".plot").getAttribute("aria-label"));
  if (frame.dataset.drawn) await draw(frame, JSON.parse(data.textContent));
};

// What a point of each picture selects.
const chosen = {
  map: ({ customdata }) => {
    const [origin, destination] = String(customdata).split(">");
    return destination ? { origin, destination } : { place: origin };
  },
  time: ({ customdata }) => {
    const [year, origin] = String(customdata).split(">");
    return { year, origin };
  },
};

// Plotly tells nothing of clicks on a Sankey whose boxes can be dragged, so that the page looks at what is drawn itself.
const ends = (nodes, end) => nodes[end.pointNumber ?? end.index][1];
const ofSankey = (shape, nodes) => {
  const drawn = shape.__data__ ?? {};
  if (drawn.link) return { origin: ends(nodes, drawn.link.source), destination: ends(nodes, drawn.link.target) };
  return drawn.node ? { place: ends(nodes, drawn.node) } : {};
};

const choose = (changes) => {
  for (const [name, value] of Object.entries(changes)) if (name !== "year" && NOWHERE.has(value)) delete changes[name];
  if (Object.keys(changes).length) show(address(changes));
};

const listen = (box) => {
  const frame = box.closest("figure[data-figure]");
  if (frame.dataset.listens || !box.on) return;
  frame.dataset.listens = "1";
  box.on("plotly_click", ({ points: [point] }) => {
    choose(chosen[frame.dataset.figure]?.(point) ?? {});
  });
  box.addEventListener("pointerdown", ({ target, button }) => {
    if (button) return;
    const shape = frame.dataset.figure === "sankey" && target.closest(".sankey-link, .sankey-node, .node-rect");
    if (shape) choose(ofSankey(shape, frame.plot.data[0].meta.nodes));
  }, true);
};

const ready = () => {
  const form = root().querySelector("form.filter");
  const typed = () => {
    const url = new URL(form.getAttribute("action"), location.href);
    for (const [name, value] of new FormData(form)) if (value !== "") url.searchParams.append(name, value);
    return url;
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    show(typed());
  });
  form.addEventListener("change", (event) => {
    if (event.target.name === "element") for (const name of ["commodity", "stage", "measure"]) form.elements[name].value = "";
    if (event.target.name === "stage") form.elements.commodity.value = "";
    show(typed());
  });
  const slider = root().querySelector(".slider");
  const play = root().querySelector("[data-play]");
  slider.hidden = play.hidden = false;
  const range = slider.querySelector("input");
  const years = range.dataset.years.split(",");
  range.setAttribute("aria-valuetext", years[range.value]);
  range.addEventListener("change", () => show(address({ year: years[range.value] })));
  play.textContent = playing ? play.dataset.stop : play.dataset.go;
  play.addEventListener("click", () => (playing ? stop() : start()));
};

// Year after year; who wants little motion is shown one step for each press.
const step = async () => {
  const range = root().querySelector(".slider input");
  const years = range.dataset.years.split(",");
  await show(address({ year: years[(Number(range.value) + 1) % years.length] }), { push: "replace" });
};
const start = async () => {
  if (still) return step();
  playing = 1;
  await step();
  while (playing) {
    await new Promise((done) => setTimeout(done, 1100));
    if (playing) await step();
  }
  return undefined;
};
const stop = () => {
  playing = 0;
  const play = root().querySelector("[data-play]");
  play.textContent = play.dataset.go;
};

document.addEventListener("drawn", (event) => listen(event.target));
document.addEventListener("click", (event) => {
  const link = event.target.closest?.('#atlas a[href]:not([href^="#"])');
  if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const url = new URL(link.href);
  if (url.pathname !== new URL(root().dataset.page, location.href).pathname) return;
  event.preventDefault();
  show(url);
});
addEventListener("popstate", () => {
  if (!location.hash) show(new URL(location.href), { push: "" }); // within the page nothing else is asked
});
ready();
