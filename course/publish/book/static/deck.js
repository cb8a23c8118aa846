// A deck: slides fit, an explorer keeps its keys, and moves only where motion is welcome.

const SIZE = { width: 1280, height: 720 };
const still = matchMedia("(prefers-reduced-motion: reduce)").matches;

/** Smaller letters, then smaller explorers, where a slide holds more than it has room for. */
function fit(section) {
  const tooMuch = () => section.scrollHeight > SIZE.height;
  for (let size = 30; tooMuch() && size > 14; size -= 1)
    section.style.fontSize = `${size}px`;
  section.querySelectorAll(".course-live").forEach((live) => {
    for (let zoom = 1.3; tooMuch() && zoom > 0.6; zoom -= 0.05) live.style.zoom = zoom;
  });
}

Reveal.initialize({
  ...SIZE, margin: 0.04, center: false, hash: true, slideNumber: "c/t", plugins: [RevealNotes],
  transition: still ? "none" : "slide", backgroundTransition: "none",
  keyboardCondition: () => !document.activeElement?.closest(".course-live, .course-question"),
}).then(() => {
  fit(Reveal.getCurrentSlide());
  Reveal.on("slidechanged", ({ currentSlide }) => fit(currentSlide));
  if (Reveal.isPrintView?.()) document.querySelectorAll(".slides section").forEach(fit);
});
