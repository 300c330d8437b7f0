// Draws the charts of a page with Plotly, which is loaded once, when the first of them comes into sight.
const style = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
let library = null;

const plotly = () => {
  library ??= new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = document.querySelector("[data-plotly]").dataset.plotly;
    script.addEventListener("load", () => done(window.Plotly));
    script.addEventListener("error", failed);
    document.head.append(script);
  });
  return library;
};

// A map is as high as what it shows at its width, and no higher than was asked.
const heightOf = ({ xaxis, yaxis, margin, height }, frame) => {
  if (yaxis?.scaleanchor !== "x" || !xaxis?.range || !yaxis.range) return height;
  const span = ({ range: [low, high] }) => high - low;
  const width = frame.querySelector(".plot").clientWidth - (margin?.l ?? 0) - (margin?.r ?? 0);
  return Math.round(Math.min(height, Math.max(200, (width * span(yaxis)) / span(xaxis)) + (margin?.t ?? 0) + (margin?.b ?? 0)));
};

// The colours of the page, so that a chart fits a dark one; what a figure asks to be otherwise on a small screen stands in meta.narrow.
const layoutOf = (plot, frame) => {
  const { width, ...rest } = plot.layout || {};
  const ground = { paper_bgcolor: style("--raised"), plot_bgcolor: style("--raised") };
  const layout = { ...rest, ...ground, autosize: true, height: Number(frame.dataset.height) };
  layout.font = { ...layout.font, color: style("--ink"), family: getComputedStyle(document.body).fontFamily };
  delete layout.title;
  layout.margin = { ...layout.margin, t: Math.min(layout.margin?.t ?? 30, 40) };
  if (still) layout.transition = { duration: 0 };
  const narrow = frame.clientWidth < 600 && plot.layout?.meta?.narrow;
  Object.entries(narrow || {}).forEach(([part, more]) => {
    layout[part] = { ...layout[part], ...more };
  });
  layout.height = heightOf(layout, frame);
  for (const [name, axis] of Object.entries(layout)) {
    if (/^[xy]axis/.test(name)) layout[name] = { gridcolor: style("--line"), zerolinecolor: style("--edge"), ...axis };
  }
  return layout;
};

export const draw = async (frame, plot) => {
  const Plotly = await plotly();
  const box = frame.querySelector(".plot");
  const layout = layoutOf(plot, frame);
  box.style.height = `${layout.height}px`; // what the chart fills anew when the window changes
  frame.dataset.drawn = "1";
  await Plotly.react(box, plot.data, layout, { responsive: true, displayModeBar: false, locale: "en" });
  frame.plot = plot;
  box.dispatchEvent(new CustomEvent("drawn", { bubbles: true }));
};

// A picture of a chart, made of its drawing: pictures from elsewhere than this host or this page are not let in.
const picture = async (frame) => {
  const Plotly = await plotly();
  const box = frame.querySelector(".plot");
  const size = { width: Math.max(box.clientWidth, 900), height: Number(frame.dataset.height) };
  const layout = { ...box.layout, autosize: false, ...size };
  const drawing = new Image(size.width, size.height);
  drawing.src = await Plotly.toImage({ data: box.data, layout }, { format: "svg", ...size });
  await drawing.decode();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [size.width * 2, size.height * 2];
  canvas.getContext("2d").drawImage(drawing, 0, 0, canvas.width, canvas.height);
  const address = canvas.toDataURL("image/png");
  const link = document.createElement("a");
  link.href = address;
  link.download = `${frame.dataset.figure}.png`;
  link.click();
};

const begin = (frame) => {
  const plot = JSON.parse(frame.querySelector('script[type="application/json"]').textContent);
  draw(frame, plot).catch(() => frame.removeAttribute("data-drawn"));
  const button = frame.querySelector("[data-png]");
  button.hidden = false;
  button.addEventListener("click", () => picture(frame));
};

const seen = new IntersectionObserver((entries) => {
  entries.filter((entry) => entry.isIntersecting).forEach((entry) => {
    seen.unobserve(entry.target);
    begin(entry.target);
  });
}, { rootMargin: "200px" });
document.querySelectorAll("figure[data-figure]").forEach((frame) => seen.observe(frame));
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
  document.querySelectorAll("figure[data-drawn]").forEach((frame) => frame.plot && draw(frame, frame.plot));
});
