"use strict";
(() => {
  const config = { responsive: true, displayModeBar: false };
  const drawn = [];

  // Hover words are kept once and given to every number that they belong to.
  const said = JSON.parse(document.getElementById("said").textContent);
  document.querySelectorAll("[data-said]").forEach((cell) => {
    cell.title = said[cell.dataset.said];
  });

  const draw = (box, base, figure, height) => {
    const layout = Object.assign({}, figure.layout, { autosize: true, height });
    delete layout.width;
    // What a figure asks to be otherwise on a small screen.
    const narrow = box.clientWidth < 600 && figure.layout.meta ? figure.layout.meta.narrow : {};
    Object.entries(narrow || {}).forEach(([part, more]) => {
      layout[part] = Object.assign({}, layout[part], more);
    });
    return Plotly.react(box, base.concat(figure.data), layout, config);
  };

  document.querySelectorAll("[data-picture]").forEach((frame) => {
    const id = frame.dataset.picture;
    const { base, figures } = JSON.parse(document.getElementById(id + "-figures").textContent);
    const labels = Object.keys(figures);
    const height = parseInt(getComputedStyle(frame).getPropertyValue("--height"), 10);
    const shown = "chooser" in frame.dataset ? labels.slice(0, 1) : labels;
    shown.forEach((label) => {
      const box = document.createElement("div");
      box.className = "plot";
      box.style.height = height + "px";
      frame.append(box);
      draw(box, base, figures[label], height);
      drawn.push(box);
    });
    const chooser = document.querySelector('select[data-for="' + id + '"]');
    if (chooser) {
      chooser.addEventListener("change", () => draw(frame.firstElementChild, base, figures[chooser.value], height));
    }
  });
  document.documentElement.dataset.drawn = String(drawn.length);
})();
