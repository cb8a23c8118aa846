"""Front ends that cannot run here, emulated: a page with their background and their marks.

No `--jp-*` variables are set, as in VS Code and in Colab. The widgets are real: their own ES module
and style sheet in the page, a Python object behind them that is asked at each change.
"""

import base64
import json

from ipywidgets.widgets.widget import _remove_buffers

# What a front end says of its theme, and what is behind a widget. Sources: VS Code's documentation
# of webviews (classes of the body), its Jupyter extension (widgets stand on white, in dark themes
# too: vscode-jupyter issue 7161), Colab's advice for styles (colabtools issue 1214).
VS_CODE = """<html style="--vscode-foreground: {ink}; --vscode-editor-background: {paper}">
<body class="vscode-{theme}" style="color: {ink}; background: {paper}; font: 13px sans-serif">
<div class="cell-output-ipywidget-background" style="background: white"><main></main></div>"""
COLAB = """<html theme="{theme}"><body style="color: {ink}; background: {paper}"><main></main>"""
PAGES = {
    "VS Code, light": VS_CODE.format(theme="light", ink="#3b3b3b", paper="#ffffff"),
    "VS Code, dark": VS_CODE.format(theme="dark", ink="#cccccc", paper="#1f1f1f"),
    "Colab, light": COLAB.format(theme="light", ink="#212121", paper="#ffffff"),
    "Colab, dark": COLAB.format(theme="dark", ink="#e3e3e3", paper="#383838"),
}

# What a widget's script may ask of its host, as anywidget's page "Front-End Module (AFM)" says.
HOST = """async ({ id, esm, css, state }) => {
  const revive = ({ json, buffers }) => {
    const state = JSON.parse(json);
    for (const [path, text] of buffers) {
      const bytes = Uint8Array.from(atob(text), (each) => each.charCodeAt(0));
      const inside = path.slice(0, -1).reduce((at, key) => at[key], state);
      inside[path.at(-1)] = new DataView(bytes.buffer);
    }
    return state;
  };
  const held = revive(state), heard = new Map(), changed = new Set();
  const tell = (name, ...rest) => [...(heard.get(name) ?? [])].forEach((call) => call(...rest));
  const take = (state) => Object.entries(state).forEach(([name, value]) => {
    held[name] = value;
    tell(`change:${name}`), tell("change");
  });
  const model = {
    get: (name) => held[name],
    set: (name, value) => {
      if (held[name] === value) return;
      held[name] = value;
      changed.add(name);
      tell(`change:${name}`), tell("change");
    },
    on: (name, call) => heard.set(name, [...(heard.get(name) ?? []), call]),
    off: (name, call) => heard.set(name, (heard.get(name) ?? []).filter((each) => each !== call)),
    save_changes: async () => {
      const sent = Object.fromEntries([...changed].map((name) => [name, held[name]]));
      changed.clear();
      take(revive(await window.python(id, JSON.stringify({ set: sent }))));
    },
    send: async (content) => take(revive(await window.python(id, JSON.stringify({ content })))),
  };
  document.head.append(Object.assign(document.createElement("style"), { textContent: css }));
  const address = URL.createObjectURL(new Blob([esm], { type: "text/javascript" }));
  const module = (await import(address)).default;
  const el = document.createElement("div");
  document.querySelector("main").append(el);
  await module.initialize?.({ model });
  await module.render({ model, el });
}"""


class Host:
    """A page that shows widgets as a front end would."""

    def __init__(self, page, front_end):
        self.page, self.widgets, self.changed = page, [], []
        page.set_content(f"<!doctype html>{PAGES[front_end]}")
        page.expose_function("python", self._asked)

    def show(self, widget):
        """Show a widget; returns when it is drawn."""
        self.widgets.append(widget)
        changed = set()
        self.changed.append(changed)
        widget.observe(lambda change: changed.add(change.name))
        state = widget.get_state()
        given = {name: state.pop(name) for name in ("_esm", "_css")}
        told = {"id": len(self.widgets) - 1, "esm": given["_esm"], "css": given["_css"]}
        self.page.evaluate(HOST, {**told, "state": _packed(state)})

    def output(self, position):
        """What stands where the output of a cell would, as a Playwright locator."""
        return self.page.locator("main > div").nth(position)

    def _asked(self, number, message):
        """What the page sends to a widget; returns what has changed in it since."""
        widget, changed, message = self.widgets[number], self.changed[number], json.loads(message)
        if "content" in message:
            widget._handle_custom_msg(message["content"], [])
        else:
            widget.set_state(message["set"])
        state = widget.get_state([*(changed & {*widget.keys})]) if changed else {}
        sent = message.get("set", {})  # what is as the page has it is not told again
        state = {name: value for name, value in state.items() if value != sent.get(name, ...)}
        changed.clear()
        return _packed(state)


def _packed(state):
    """A widget's state as text, its binary parts beside it in base64 under their paths."""
    state, paths, buffers = _remove_buffers(state)
    texts = [base64.b64encode(buffer).decode() for buffer in buffers]
    return {"json": json.dumps(state), "buffers": [*zip(paths, texts)]}
