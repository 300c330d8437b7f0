// Where a number comes from, beside it: asks the page of the link and shows its answer. Without scripts the link leads there.
const box = document.createElement("dialog");
box.className = "popover";
let last = null;

const close = () => {
  if (box.open) box.close();
  if (last) last.focus();
};

const show = async (link) => {
  const [words, closing] = [document.documentElement.lang, document.body.dataset.close];
  const answer = await fetch(link.href, { headers: { "Accept-Language": words }, credentials: "same-origin" });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const said = page.querySelector("[data-why-answer]");
  if (!answer.ok || !said) {
    location.assign(link.href);
    return;
  }
  const title = document.createElement("h2");
  title.textContent = page.querySelector("h1").textContent;
  title.id = "popover-title";
  const more = document.createElement("a");
  more.href = link.href;
  more.className = "button quiet";
  more.textContent = page.querySelector("[data-more]")?.textContent || link.href;
  const shut = document.createElement("button");
  shut.textContent = closing;
  shut.addEventListener("click", close);
  const actions = document.createElement("p");
  actions.className = "actions";
  actions.append(more, shut);
  box.setAttribute("aria-labelledby", title.id);
  box.replaceChildren(title, document.importNode(said, true), actions);
  last = link;
  box.showModal();
  shut.focus();
};

document.body.append(box);
box.addEventListener("click", (event) => {
  if (event.target === box) close();
});
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-why]");
  if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  show(link).catch(() => location.assign(link.href));
});
