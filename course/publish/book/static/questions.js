// The questions of a page: judged here from the one table that the notebooks have, kept here only.

/** Each kind's verdict on a guess, as `judge` in course/questions/kinds.py gives it. */
const JUDGES = {
  choice: ({ verdicts }, guess) => verdicts[guess],
  number({ value, tolerance, because, slips, otherwise }, guess) {
    const number = readNumber(guess);
    if (number === null) {
      const text = document.createElement("span");
      text.textContent = `Give a number, such as 0.9 or 1/3; got '${String(guess).slice(0, 40)}'.`;
      return { html: text.innerHTML };
    }
    const near = (other) => Math.abs(number - other) <= tolerance;
    if (near(value)) return { passed: true, html: because };
    return { passed: false, html: slips.find(([slip]) => near(slip))?.[1] ?? otherwise };
  },
  order({ reasons }, guess) {
    const place = (i) => guess.indexOf(i);
    const wrong = reasons.find(({ first, second }) =>
      second !== null && place(first) > place(second));
    return { passed: !wrong, html: (wrong ?? reasons.at(-1)).html };
  },
};

/** As read_number in course/questions/kinds.py: "0.1", "0,1", "−2", "1e-3" or "1/3" as a number;
 *  null for what is no finite one. */
const NUMBER = /^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)(e[+-]?[0-9]+)?$/i;
function readNumber(text) {
  const plain = String(text).trim().replaceAll("−", "-").replaceAll(",", ".");
  const parts = plain.split("/").map((part) => part.trim()), [over, under = "1"] = parts;
  const number = parts.length < 3 && parts.every((part) => NUMBER.test(part)) ? over / under : NaN;
  return Number.isFinite(number) ? number : null;
}

/** What predict.js takes for its model: a guess is judged at once, and kept in this browser. */
class Question {
  constructor(name, table) {
    Object.assign(this, { name, table, heard: [], answer: {} });
    const kept = this.kept();
    if (kept !== null) this.take(kept);
  }

  kept() {
    try {
      return JSON.parse(localStorage.getItem(`course ${this.name}`));
    } catch {
      return null; // a browser that keeps nothing
    }
  }

  get(name) {
    return name === "question" ? this.table : this.answer;
  }

  on(_event, call) {
    this.heard.push(call);
  }

  off() {}

  send({ guess }) {
    try {
      localStorage.setItem(`course ${this.name}`, JSON.stringify(guess));
    } catch {} // then the answer is there until the page is left
    this.take(guess);
    this.heard.forEach((call) => call());
  }

  take(guess) {
    const verdict = JUDGES[this.table.kind](this.table, guess);
    const next = verdict.passed !== undefined && this.table.next;
    this.answer = { number: 1 + (this.answer.number ?? 0), guess, next, ...verdict };
  }
}

async function ask(place) {
  const { question: name } = place.dataset, chapter = name.slice(0, 2);
  const [render, table] = await Promise.all([
    fetched("predict", "questions/predict.js"),
    fetched(`questions/${chapter}`, `questions/${chapter}.js`).then(parsed),
  ]);
  render({ model: new Question(name, table[name]), el: place });
}

document.addEventListener("DOMContentLoaded", () =>
  document.querySelectorAll(".course-question").forEach(ask));
