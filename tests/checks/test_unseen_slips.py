"""Slips that nobody listed, made in the solutions: nearly all get a sentence of their own."""

import pytest

from course.checks import find
from course.publish.notebooks import ROOT, read_source

#: task, what stands in its solution, what a learner wrote in its place.
SLIPS = (
    ("01.descend", "w - learning_rate * gradient", "w - learning_rate * w"),
    ("01.descend", "range(steps)", "range(steps + 1)"),
    ("01.descend", "range(steps)", "range(1, steps)"),
    ("01.descend", "curvatures * w", "curvatures"),
    ("01.descend", "curvatures * w", "0.5 * curvatures * w"),
    ("01.descend", "    return w", "        return w"),
    ("01.descend", "w = w - learning_rate * gradient", "w -= learning_rate * gradient"),
    ("01.descend", "curvatures * w", "curvatures.max() * w"),
    ("01.edge", "2 / curvatures.max()", "2 / curvatures.min()"),
    ("01.edge", "/ len(X)", ""),
    ("01.edge", "2 / curvatures.max()", "2 / curvatures.sum()"),
    ("01.edge", "2 / curvatures.max()", "2 / np.sqrt(curvatures.max())"),
    ("01.edge", "X.T @ X / len(X)", "X.T @ X / X.shape[1]"),
    ("01.one_step", "/ (gradient @ gradient)", ""),
    ("01.one_step", "2 / along", "along / 2"),
    ("01.one_step", "2 / along", "1 / along"),
    ("01.one_step", "gradient @ hessian @ gradient", "np.trace(hessian)"),
    ("02.gradient", "/ len(rows)", "/ len(x)"),
    ("02.gradient", "x[rows].T @ errors", "x.T @ (x @ w - y)"),
    ("02.gradient", "x[rows] @ w - y[rows]", "y[rows] - x[rows] @ w"),
    ("02.gradient", " / len(rows)", " * 2 / len(rows)"),
    ("02.gradient", "x[rows].T @ errors / len(rows)", "errors @ x[rows] "),
    ("02.gradient", "x[rows].T @ errors", "x[rows] * errors"),
    ("02.epoch", "np.mean(w - batch)", "np.sum(w - batch)"),
    ("02.epoch", "x[order[first : first + size]]", "x[first : first + size]"),
    ("02.epoch", "len(x), size)", "len(x) - size + 1, size)"),
    ("02.epoch", "    return w", "        return w"),
    ("02.epoch", "np.mean(w - batch)", "np.sum(w - batch) / size"),
    ("02.spread", "** 2 * after", "* after"),
    ("02.spread", "variance / size\n", "variance\n"),
    ("02.spread", "learning_rate**2 * variance", "learning_rate * variance"),
    ("02.spread", "(2 - learning_rate * curvature)", "2"),
    ("02.spread", "return after, floor", "return floor, after"),
    ("02.spread", "return after, floor", "return after - floor, floor"),
    ("03.schedule", "peak * count / warmup_steps", "peak * (count + 1) / warmup_steps"),
    ("03.schedule", "np.cos(np.pi * part)", "np.cos(part)"),
    (
        "03.schedule",
        "min((count - warmup_steps) / decay_steps, 1)",
        "(count - warmup_steps) / decay_steps",
    ),
    ("03.schedule", "min((count - warmup_steps) / decay_steps, 1)", "min(count / decay_steps, 1)"),
    ("03.schedule", "range(calls)", "range(1, calls + 1)"),
    ("03.schedule", "(1 + np.cos(np.pi * part)) / 2", "(1 - part)"),
    ("03.plan", "int(np.ceil(examples / batch_size))", "examples // batch_size"),
    ("03.plan", "(epochs - warmup_epochs)", "epochs"),
    ("03.plan", "* steps_per_epoch\n    decay", "* steps_per_epoch * accumulation\n    decay"),
    ("03.plan", "* steps_per_epoch\n    decay", "* steps_per_epoch // accumulation\n    decay"),
    ("03.greedy", "curvature**2 * square", "curvature * square"),
    ("03.greedy", "+ variance)", ")"),
    ("03.greedy", "learning_rate**2 * variance", "learning_rate * variance"),
    ("03.greedy", "curvature * square /", "square /"),
    ("03.greedy", "(1 - learning_rate * curvature) ** 2", "(1 - learning_rate * curvature)"),
    ("04.step", "learning_rate * gradient", "gradient"),
    ("04.step", "momentum * velocity - ", "velocity - "),
    ("04.step", "variable + velocity", "variable + learning_rate * velocity"),
    ("04.step", "variable + velocity", "variable + momentum * velocity"),
    ("04.step", "variable + velocity, velocity", "variable + velocity"),
    ("04.step", "variable + velocity, velocity", "velocity + velocity, velocity"),
    (
        "04.step",
        "momentum * velocity - learning_rate",
        "momentum * velocity - momentum * learning_rate",
    ),
    ("04.step", "momentum * velocity", "(1 + momentum) * velocity"),
    ("04.step", "momentum * velocity", "learning_rate * velocity"),
    (
        "04.step",
        "momentum * velocity - learning_rate * gradient",
        "momentum * (velocity - learning_rate * gradient)",
    ),
    (
        "04.step",
        "momentum * velocity - learning_rate * gradient",
        "float(momentum * velocity - learning_rate * gradient)",
    ),
    (
        "04.step",
        "momentum * velocity - learning_rate * gradient",
        "momentum * velocity - lr * gradient",
    ),
    (
        "04.step",
        "momentum * velocity - learning_rate * gradient",
        "momentum * velocity - learning_rate * abs(gradient)",
    ),
    ("04.step", "velocity = momentum", "velocity = round(momentum, 1)"),
    ("04.step", "variable + velocity, velocity", "np.round(variable + velocity, 3), velocity"),
    ("04.physics", "time_step**2 / mass", "time_step**2"),
    ("04.physics", "1 - time_step * friction / mass", "1 - friction / mass"),
    ("04.physics", "1 - time_step * friction / mass", "1 + time_step * friction / mass"),
    ("04.physics", "1 - time_step * friction / mass", "1 - time_step**2 * friction / mass"),
    ("04.physics", "time_step**2 / mass", "2 * time_step / mass"),
    (
        "05.step",
        "momentum * velocity - learning_rate * gradient\n    return",
        "velocity - learning_rate * gradient\n    return",
    ),
    ("05.step", "variable + momentum * velocity", "momentum * (variable + velocity)"),
    ("05.translate", "theta - old_momentum * velocity", "theta - old_momentum"),
    ("05.translate", "w + new_momentum * velocity", "w + new_momentum * w"),
    ("05.edge", "(2 + 2 * momentum)", "(2 + momentum)"),
    ("05.edge", "np.max(curvatures)", "np.mean(curvatures)"),
    ("05.edge", "np.max(curvatures)", "curvatures[0]"),
    ("05.edge", "(1 + 2 * momentum)", "(1 + momentum)"),
    ("06.step", "learning_rate * weight_decay * variable", "weight_decay * variable"),
    ("06.step", "learning_rate * weight_decay * variable", "learning_rate * weight_decay"),
    ("06.step", "learning_rate * weight_decay * variable", "learning_rate * momentum * variable"),
    (
        "06.step",
        "variable - learning_rate * weight_decay",
        "variable + learning_rate * weight_decay",
    ),
    ("06.step", "return variable + velocity", "return variable - velocity"),
    ("06.port", "2 * number", "4 * number"),
    ("06.port", "number / (1 - momentum)\n    from_l2", "number / momentum\n    from_l2"),
    ("06.spare", "not in words", "in words"),
    ("06.spare", 'name = path.split("/")[-1].removesuffix(":0")', "name = path"),
    ("06.spare", "learning_rate * weight_decay", "weight_decay"),
    ("06.spare", "return new_weights", "return weights"),
    ("07.norm", "np.sqrt(np.sum(gradient**2))", "np.sum(gradient**2) / 2"),
    ("07.norm", "max(length, threshold)", "min(length, threshold)"),
    (
        "07.norm",
        "gradient * threshold / max(length, threshold)",
        "gradient / max(length, threshold) * length",
    ),
    ("07.global", "np.sqrt(squares)", "squares"),
    ("07.global", "squares = squares + ", "squares = "),
    ("07.global", "return [gradient * scale for gradient in gradients]", "return gradient * scale"),
    (
        "07.global",
        "[gradient * scale for gradient in gradients]",
        "[gradient for gradient in gradients]",
    ),
    ("07.global", "max(np.sqrt(squares), threshold)", "np.sqrt(squares)"),
    ("07.stages", "np.clip(gradient, -clipvalue, clipvalue)", "np.clip(gradient, 0, clipvalue)"),
    ("07.stages", "np.clip(gradient, -clipvalue, clipvalue)", "np.minimum(gradient, clipvalue)"),
    ("07.stages", "    w = w + v\n", "    w = w + v\n    w = w + v\n"),
    ("08.averages", "(1 - ema_momentum) * w", "ema_momentum * w"),
    ("08.averages", "average = weights[0]", "average = weights[-1]"),
    ("08.averages", "found[t] = average", "found[t] = average / (t + 1)"),
    ("08.calm", "m / (1 - m)", "1 / (1 - m)"),
    ("08.calm", "m / (1 - m)", "m / (1 + m)"),
    ("08.calm", "(1 + m * rho)", "(1 - m * rho)"),
    ("08.calm", "1 - learning_rate * curvature", "learning_rate * curvature"),
    ("08.overwriting", "        m = 0", "        m = 1"),
    ("08.overwriting", "w = a", "a = w"),
    ("09.call", "accumulator / k", "accumulator / (k + 1)"),
    (
        "09.call",
        "        accumulator = 0 * accumulator",
        "        accumulator = 0 * accumulator + 1",
    ),
    ("09.call", "w - learning_rate * accumulator / k", "w - learning_rate * accumulator - k"),
    ("09.joined", "/ sum(sizes)", "/ len(sizes)"),
    ("09.joined", "size * gradient", "gradient / size"),
    ("09.recipe", "summed_rate * k", "summed_rate * k**2"),
    ("09.recipe", "ema_momentum ** (1 / k)", "ema_momentum * k"),
    ("10.stored", "np.round(value / spacing)", "np.trunc(value / spacing)"),
    ("10.stored", "1 - bias", "-bias"),
    (
        "10.group",
        "gradients = [unscale(gradient, scale) for",
        "gradients = [unscale(gradient, scales[1 % len(scales)]) for",
    ),
    ("10.scales", "good == growth_steps", "good > growth_steps"),
    ("10.scales", "65504", "1e9"),
    ("10.scales", "scale * 2, 0", "scale + 2, 0"),
    ("12.range", "np.exp(np.mean(np.log(edges)))", "np.mean(edges)"),
    ("12.range", "np.exp(np.mean(np.log(edges)))", "np.median(edges)"),
    ("12.range", "path[lowest:] < path[0]", "path[lowest:] <= path[lowest]"),
    ("12.compare", "ddof=1) + ", "ddof=0) + "),
    ("12.compare", "2 * np.sqrt", "np.sqrt"),
    ("12.compare", "/ np.sqrt(n)", "/ n"),
    ("12.settings", "low * (high / low) ** numbers", "low + (high - low) * numbers"),
    ("12.settings", "1 - drawn[1]", "drawn[1]"),
    ("12.settings", "drawn[0] * drawn[1]", "drawn[0]"),
    ("13.floor", "numbers = 3", "numbers = 2"),
    ("13.floor", "numbers += 2  # read and write the average", "numbers += 1"),
    ("13.floor", "* 1e3", "* 1e6"),
    ("13.stages", "all_reduce(gradients)\n    gradients = clip(gradients, clipnorm)", "gradients"),
    ("13.stages", "    gradients = average(gradients, parts)\n", ""),
    ("13.add", "total + part", "total + part + np.float32(0.1)"),
    ("13.add", "len(numbers) // replicas", "len(numbers)"),
)
#: The share of slips that must get a sentence beyond what is expected and what came.
ENOUGH = 0.9


def cells(chapter):
    """A solution's given cells, and task's name -> its answer."""
    (path,) = (ROOT / "solutions/source").glob(f"{chapter}_*.py")
    given, answers = [], {}
    for cell in read_source(path).cells:
        tags = {*cell.metadata.get("tags", [])}
        if "answer" in tags:
            answers[f"{chapter}.{cell.metadata['name'].removesuffix('-answer')}"] = cell.source
        elif cell.cell_type == "code" and not tags & {"starter", "check", "feedback"}:
            given.append(cell.source)
    return given, answers


def finding(name, right, wrong):
    """What a check says of a solution in which `wrong` stands in the place of `right`."""
    given, answers = cells(name[:2])
    assert right in answers[name]
    source, names = answers[name].replace(right, wrong), {}
    for text in (*given, source):
        exec(text, names)
    task = find(name)
    return task.look(names[task.asks], source)


@pytest.fixture(scope="module")
def findings():
    return [(slip, finding(*slip)) for slip in SLIPS]


def test_nearly_all_slips_get_a_sentence_of_their_own(findings):
    wrong = [found for _, found in findings if not found.passed]
    told = [each for each in wrong if each.because]
    assert len(wrong) > 100
    assert len(told) >= ENOUGH * len(wrong)


def test_none_is_told_that_it_is_as_the_sheet_gave_it(findings):
    assert [slip for slip, found in findings if found.ended == "unfilled"] == []


def test_the_call_is_shown_with_each(findings):
    for slip, found in findings:
        assert found.passed or found.lines[1].strip().startswith(find(slip[0]).asks)
