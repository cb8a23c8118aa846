"""What `course bench` found, as a picture: how many times as fast, with the rounds' spread."""


def draw(kept, rounds):
    """A matplotlib Figure: one panel for each workload and mode, a bar for each set of arguments.

    kept:   the figures as `--json` writes them, a list of dictionaries.
    rounds: of how many each bar is the median; its line reaches from the first to the third
            quartile.
    """
    from matplotlib.figure import Figure

    from course.bench.step import MODES, WORKLOADS

    found = {(each["workload"], each["mode"]) for each in kept}
    workloads = [name for name in WORKLOADS if any(name == workload for workload, _ in found)]
    modes = [mode for mode in MODES if any(mode == way for _, way in found)]
    figure = Figure(figsize=(3.4 * len(modes) + 1.2, 2.1 * len(workloads) + 0.9))
    panels = figure.subplots(len(workloads), len(modes), squeeze=False, sharey=True)
    for row, workload in zip(panels, workloads):
        for axes, mode in zip(row, modes):
            mine = [e for e in kept if (e["workload"], e["mode"]) == (workload, mode)]
            _bars(axes, mine)
            axes.set_title(f"{workload}, {mode}", fontsize=10, loc="left")
    figure.supxlabel(
        "The time of Keras's SGD by ours: right of the line, ours is faster "
        f"(median of {rounds} rounds, quartiles)",
        fontsize=9,
    )
    figure.set_layout_engine("constrained")
    return figure


def _bars(axes, found):
    names = [each["arguments"] for each in found]
    middle = [each["faster"] for each in found]
    below = [each["faster"] - each["spread"][0] for each in found]
    above = [each["spread"][1] - each["faster"] for each in found]
    axes.barh(names, middle, xerr=(below, above), color="#56B4E9", ecolor="#333333", height=0.7)
    axes.axvline(1.0, color="#333333", linewidth=1)
    axes.set_xlim(0, 1.25 * max([1.0, *(each["spread"][1] for each in found)]))
    across = axes.get_yaxis_transform()  # in parts of the panel's width, and down in bars
    for name, ratio in zip(names, middle):
        axes.text(0.98, name, f"{ratio:.2f}", va="center", ha="right", fontsize=8, transform=across)
    if not axes.yaxis_inverted():
        axes.invert_yaxis()
    axes.tick_params(labelsize=8)
